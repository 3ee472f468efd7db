import { ensurePythonEnv } from '../../src/dev/python-env';
import { installRuntime, listRuntimes } from '../../src/runtime';

/** The runtimes for tests; each is downloaded once into the user's cache. */
const versions = ['3.3.1', '2.6.2'];

export default async function setup(): Promise<void> {
  const installed = (await listRuntimes()).map((runtime) => runtime.version);
  for (const version of versions) {
    if (installed.includes(version)) continue;
    process.stderr.write(`Fetching Paddle ${version} for the tests …\n`);
    await installRuntime({ version });
  }
  await ensurePythonEnv((line) => process.stderr.write(`${line}\n`));
}
