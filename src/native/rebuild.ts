import path from 'node:path';
import { messageOf, PaddleLabError } from '../errors';
import { cp, existsSync, mkdir, readFile, rename, rm, symlink } from '../files/fs';
import { packageRoot } from '../package-root';
import { lastWords, runProcess } from '../processes/run-process';
import { installLine, missingTools } from '../runtime/system-packages';
import { TemporaryFolder } from '../temporary-folder';
import { addonFiles, compiledFolder } from './addon-files';

const TOOLS = ['node-gyp', 'node-addon-api'] as const;

/**
 * Compiles the native addon for this machine. It needs no clone: what compiles is fetched with npm where it is not
 * there, and the addon that is there stays until the new one is whole.
 *
 * @throws PaddleLabError TOOL_FAILED, FILE_UNWRITABLE
 */
export async function rebuildAddon(onProgress: (text: string) => void = () => {}): Promise<string> {
  const missing = await missingTools(['g++', 'make', 'python3']);
  if (missing.length > 0) {
    throw new PaddleLabError(
      'TOOL_FAILED',
      `Compiling the native addon needs ${missing.join(', ')}, which is not on PATH; ` +
        `install it: ${await installLine(missing)}`,
    );
  }
  const folder = TemporaryFolder.create('build');
  try {
    const modules = await toolFolder(folder.path, onProgress);
    const native = path.join(folder.path, 'native');
    for (const name of ['binding.gyp', 'src']) {
      await cp(path.join(packageRoot(), 'native', name), path.join(native, name), { recursive: true });
    }
    onProgress('Compiling the native addon');
    await compile(native, path.join(modules, 'node-gyp', 'bin', 'node-gyp.js'));
    return await replaceAddon(path.join(native, 'build', 'Release'));
  } finally {
    await folder.release();
  }
}

/** The node_modules with what compiles, where the build finds it too: the clone's own, or fetched ones. */
async function toolFolder(folder: string, onProgress: (text: string) => void): Promise<string> {
  const modules = path.join(folder, 'node_modules');
  const own = path.join(packageRoot(), 'node_modules');
  if (TOOLS.every((tool) => existsSync(path.join(own, tool)))) {
    await symlink(own, modules);
    return modules;
  }
  const text = await readFile(path.join(packageRoot(), 'package.json'), 'utf8');
  const { devDependencies } = JSON.parse(text) as { devDependencies: Readonly<Record<string, string>> };
  const wanted = TOOLS.map((tool) => `${tool}@${devDependencies[tool] ?? 'latest'}`);
  onProgress(`Fetching ${wanted.join(' and ')}`);
  const args = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', ...wanted];
  const result = await runProcess(['npm'], args, { cwd: folder });
  if (result.code !== 0) {
    throw new PaddleLabError(
      'TOOL_FAILED',
      `npm could not fetch ${wanted.join(' and ')}: ${lastWords(result)}; check the network and \`npm config list\``,
      { cause: result.stderr },
    );
  }
  return modules;
}

async function compile(native: string, gyp: string): Promise<void> {
  const args = [gyp, 'rebuild', '--directory', native, '--jobs', 'max'];
  // Node's own headers, where it was installed with them, spare a download.
  const prefix = path.resolve(process.execPath, '../..');
  if (existsSync(path.join(prefix, 'include/node/node_api.h'))) args.push('--nodedir', prefix);
  const result = await runProcess([process.execPath], args, { cwd: native });
  if (result.code === 0) return;
  const output = `${result.stdout}\n${result.stderr}`.trim();
  const error = output.split('\n').find((line) => /\berror\b|not found|No such file/i.test(line));
  throw new PaddleLabError('TOOL_FAILED', `The native addon does not compile: ${error ?? lastWords(result)}`, {
    cause: output.slice(-10_000),
  });
}

/** Each file at once: a process that has the old one loaded keeps it. */
async function replaceAddon(built: string): Promise<string> {
  const target = compiledFolder();
  try {
    await mkdir(target, { recursive: true });
    for (const name of addonFiles) {
      const fresh = path.join(target, `.${name}.${process.pid}`);
      await cp(path.join(built, name), fresh);
      await rename(fresh, path.join(target, name)).finally(() => rm(fresh, { force: true }));
    }
  } catch (error) {
    throw new PaddleLabError(
      'FILE_UNWRITABLE',
      `Can't write the compiled addon to ${target}: ${messageOf(error)}; run the command as the owner of that folder`,
      { cause: error },
    );
  }
  return target;
}
