import { spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { type Command, Option } from 'commander';
import { PaddleLabError } from '../../errors';
import {
  DEFAULT_KERNEL_NAME,
  type InstalledKernel,
  type InstallOptions,
  installedKernels,
  installKernel,
  uninstallKernel,
} from '../../kernel/install';
import { distFile } from '../../package-root';
import { startProcess } from '../../processes/start-process';
import { formatTable } from '../../text/table';
import { say } from '../print';

interface PlaceOptions {
  user?: boolean;
  sysPrefix?: boolean;
  prefix?: string;
  name: string;
  displayName?: string;
}

/** Adds `paddlelab kernel install`, `uninstall`, `list` and `run`. */
export function registerKernel(program: Command): void {
  const kernel = program.command('kernel').description('register the notebook kernel with Jupyter');
  withPlace(kernel.command('install'))
    .description('register the kernel with Jupyter')
    .option('--display-name <text>', 'display name in Jupyter')
    .action((options: PlaceOptions) => {
      say(`Installed the kernel "${options.name}" in ${installKernel(toInstallOptions(options))}`);
    });
  withPlace(kernel.command('uninstall'))
    .description('undo `kernel install` with the same options')
    .action((options: PlaceOptions) => {
      say(`Removed the kernel from ${uninstallKernel(toInstallOptions(options))}`);
    });
  kernel
    .command('list')
    .description('list installed kernels, for this user and in the environment of the `python3` on PATH')
    .option('--prefix <folder>', 'also search this environment')
    .action(({ prefix }: { prefix?: string }) => {
      const found = installedKernels([undefined, findPythonPrefix(), prefix]);
      if (found.length === 0) say('No kernel is installed.\nfix: npx paddlelab kernel install');
      else say(formatTable(['NAME', 'DISPLAY NAME', 'FOLDER'], found.map(row)));
    });
  kernel
    .command('run <connection-file>')
    .description('run the kernel for a Jupyter client, with its connection file')
    .action(runKernel);
}

function withPlace(command: Command): Command {
  return command
    .addOption(new Option('--user', 'for this user only (the default)').conflicts(['sysPrefix', 'prefix']))
    .addOption(new Option('--sys-prefix', 'in the environment of the `python3` on PATH').conflicts('prefix'))
    .option('--prefix <folder>', 'in this environment: FOLDER/share/jupyter/kernels')
    .option('--name <name>', 'the name of the kernel', DEFAULT_KERNEL_NAME);
}

function toInstallOptions({ sysPrefix, prefix, name, displayName }: PlaceOptions): InstallOptions {
  return { prefix: sysPrefix ? pythonPrefix() : prefix, name, displayName };
}

function row({ name, displayName, folder, usable }: InstalledKernel): string[] {
  return [name, displayName, usable ? folder : `${folder} (its Node or package no longer exists: install again)`];
}

function pythonPrefix(): string {
  const prefix = findPythonPrefix();
  if (prefix !== undefined) return prefix;
  throw new PaddleLabError(
    'TOOL_FAILED',
    '--sys-prefix needs a `python3` that runs, and there is none on PATH; use --prefix FOLDER or --user instead',
  );
}

function findPythonPrefix(): string | undefined {
  for (const python of ['python3', 'python']) {
    const result = spawnSync(python, ['-c', 'import sys; print(sys.prefix)'], { encoding: 'utf8' });
    if (result.status === 0) return result.stdout.trim();
  }
  return undefined;
}

/** In its own process, because the kernel needs a Node flag. */
async function runKernel(connectionFile: string): Promise<void> {
  const argv = ['--no-force-async-hooks-checks', distFile('kernel/main.js'), connectionFile];
  const child = await startProcess(process.execPath, argv, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal ?? 'SIGTERM']));
}
