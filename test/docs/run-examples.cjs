// Runs the examples of one page in its working directory, in one process: scripts and command lines, in order.
'use strict';

const path = require('node:path');
const { pathToFileURL } = require('node:url');

// A comparison of all backends takes half a minute, and has tests of its own: two are enough where a page names none.
const comparison = require(path.resolve(__dirname, '../../dist/compare/compare-backends.js'));
const { compareBackends } = comparison;
comparison.compareBackends = (model, images, options) =>
  compareBackends(model, images, { backends: ['plain', 'onednn'], runs: 5, ...options });

/** Imports a script, or runs a command line as the shell would. */
async function run({ script, argv, commandLine }) {
  if (script !== undefined) {
    await import(pathToFileURL(script).href);
    return;
  }
  const code = await require(commandLine).run(argv);
  process.exitCode = 0;
  if (code !== 0) throw new Error(`exit code ${code}`);
}

process.once('message', async (jobs) => {
  for (const job of jobs) {
    let error;
    await run(job).catch((reason) => {
      error = String(reason?.stack ?? reason);
    });
    await new Promise((resolve) => process.send({ place: job.place, error }, resolve));
  }
  // Servers of the examples still listen.
  process.exit(0);
});
