import { installRuntime, listRuntimes } from '../../src/runtime';

const version = '3.3.1';

/** Unlike the short tests, these need no Jupyter. */
export default async function setup(): Promise<void> {
  const installed = (await listRuntimes()).map((runtime) => runtime.version);
  if (installed.includes(version)) return;
  process.stderr.write(`Fetching Paddle ${version} for the tests …\n`);
  await installRuntime({ version });
}
