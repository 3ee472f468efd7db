import { type Command, Option } from 'commander';
import { type InstallProgress, type WheelClient, wheelClients } from '../../runtime/fetch-options';
import { findRuntime } from '../../runtime/find';
import { installRuntime } from '../../runtime/install';
import { checkLibraries } from '../../runtime/libraries';
import { type InstalledRuntime, listRuntimes } from '../../runtime/manifest';
import { DEFAULT_GPU_VERSION, DEFAULT_VERSION } from '../../runtime/releases';
import { removeRuntime } from '../../runtime/remove';
import { missingLibrariesFix } from '../../runtime/system-packages';
import { formatSize } from '../../text/format';
import { formatTable } from '../../text/table';
import { interruptible, nothingDone } from '../interruptible';
import { say, tell } from '../print';
import { createProgress } from '../progress';

export function registerRuntime(program: Command): void {
  const runtime = program.command('runtime').description('install, list and remove Paddle runtimes');
  runtime
    .command('install')
    .description('download Paddle and keep its libraries in your cache folder')
    // Its own --version; the program's --version is only read before the command's name.
    .addOption(
      new Option('--version <version>', `Paddle's version (default: ${DEFAULT_VERSION}; GPU: ${DEFAULT_GPU_VERSION})`),
    )
    .option('--gpu', 'the CUDA build instead of the CPU build')
    .addOption(
      new Option('--with <client>', 'what downloads it: paddlelab itself, with your settings for pip, or pip or uv')
        .choices(wheelClients)
        .default('paddlelab'),
    )
    .action(install);
  runtime.command('list').description('show what is installed').option('--json', 'as JSON').action(list);
  runtime
    .command('remove')
    .description('delete an installed runtime')
    .argument('<version>', 'a version, or a name as "runtime list" shows it')
    .action(remove);
}

interface InstallFlags {
  version?: string;
  gpu?: boolean;
  with?: WheelClient;
}

async function install({ version, gpu, with: client }: InstallFlags): Promise<void> {
  const progress = createProgress();
  let fetched = false;
  const onProgress = (step: InstallProgress): void => {
    fetched ||= step.phase === 'download';
    progress.update(step);
  };
  const keptWork = () => (fetched ? 'The download so far is kept; run the same command to resume it.' : nothingDone);
  try {
    const runtime = await interruptible(
      (signal) => installRuntime({ version, gpu, client, onProgress, signal }),
      keptWork,
    );
    progress.stop();
    say(`Paddle ${runtime.version} for ${runtime.device.toUpperCase()} is installed`);
    say(`${runtime.path} (${formatSize(runtime.size)})`);
    await warnOfMissingLibraries(runtime.path);
  } finally {
    progress.stop();
  }
}

/** A minimal system may lack libraries that Paddle needs, such as libgomp. */
async function warnOfMissingLibraries(folder: string): Promise<void> {
  const { missing } = await checkLibraries(await findRuntime({ runtime: folder }));
  if (missing.length === 0) return;
  tell(`Paddle also needs ${missing.join(', ')}, which this system does not have.`);
  tell(`fix: ${await missingLibrariesFix(missing)}`);
}

async function list(options: { json?: boolean }): Promise<void> {
  const runtimes = await listRuntimes();
  if (options.json) {
    say(JSON.stringify(runtimes, undefined, 2));
    return;
  }
  if (runtimes.length === 0) {
    say('No runtime is installed.\nfix: npx paddlelab runtime install');
    return;
  }
  say(formatTable(['NAME', 'VERSION', 'DEVICE', 'SIZE', 'INSTALLED', ''], runtimes.map(row)));
}

function row(runtime: InstalledRuntime): string[] {
  return [
    runtime.id,
    runtime.version,
    runtime.device.toUpperCase(),
    formatSize(runtime.size),
    runtime.installed.slice(0, 10),
    runtime.complete ? '' : 'damaged: install again',
  ];
}

async function remove(version: string): Promise<void> {
  const runtime = await removeRuntime(version);
  say(`Removed ${runtime.id} (${formatSize(runtime.size)})`);
}
