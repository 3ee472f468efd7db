// Creates, runs and disposes predictors many times, and reports the resident memory meanwhile.
'use strict';

const { readFileSync } = require('node:fs');
const path = require('node:path');
const lab = require(path.resolve(__dirname, '../..'));

const samples = 50;
const pageKiB = 4;
const input = { x: { shape: [1, 8], data: Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8]) } };

/** Resident memory with the live objects of V8's heap in place of what the heap has reserved, which grows by megabytes. */
function residentKiB() {
  // Twice, because finalizers of the first round release objects that the second can collect.
  globalThis.gc();
  globalThis.gc();
  const { heapTotal, heapUsed } = process.memoryUsage();
  const resident = Number(readFileSync('/proc/self/statm', 'utf8').split(' ')[1]) * pageKiB;
  return resident - Math.round((heapTotal - heapUsed) / 1024);
}

function create(format, engine) {
  const home = path.join(__dirname, 'tiny-model');
  const config = new lab.Config(path.join(home, `model.${format}`), path.join(home, 'model.pdiparams'));
  config.disableGpu();
  if (engine === 'plain') config.disableOnednn();
  else config.enableOnednn();
  return lab.createPredictor(config);
}

async function measure(times, step) {
  const found = [];
  const every = Math.ceil(times / samples);
  for (let i = 1; i <= times; i++) {
    await step();
    if (i % every === 0) found.push([i, residentKiB()]);
  }
  return found;
}

async function cycles(times, format, engine) {
  return measure(times, async () => {
    const predictor = await create(format, engine);
    await predictor.run(input);
    await predictor.dispose();
  });
}

async function runs(times, format, engine) {
  const predictor = await create(format, engine);
  const found = await measure(times, () => predictor.run(input));
  await predictor.dispose();
  return found;
}

const [, , what, times, format, engine] = process.argv;
(what === 'cycles' ? cycles : runs)(Number(times), format, engine).then((found) => {
  process.stdout.write(JSON.stringify(found));
});
