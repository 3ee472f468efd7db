import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { PaddleLabError } from '../errors';
import { diskFull, isDiskFull } from '../files/disk-full';
import { lastWords, runProcess } from '../processes/run-process';
import { startProcess } from '../processes/start-process';

/** Arguments before a file that is read, so that it can't make ffmpeg open an address. */
export const onlyFiles = ['-protocol_whitelist', 'file'] as const;

const found = new Map<string, Promise<string>>();

/** The programs of ffmpeg: the environment variables `FFMPEG` and `FFPROBE` replace those on PATH. */
export type FfmpegTool = 'ffmpeg' | 'ffprobe';

/**
 * The command of one of ffmpeg's programs.
 *
 * @throws PaddleLabError TOOL_FAILED, with how to install it
 */
export function findFfmpeg(tool: FfmpegTool): Promise<string> {
  const command = process.env[tool.toUpperCase()] ?? tool;
  let checked = found.get(command);
  if (checked === undefined) {
    checked = check(tool, command);
    // Not cached, so that a program installed in the meantime is found.
    checked.catch(() => found.delete(command));
    found.set(command, checked);
  }
  return checked;
}

async function check(tool: FfmpegTool, command: string): Promise<string> {
  const result = await runProcess([command], ['-version']);
  if (result.code === 0) return command;
  throw new PaddleLabError(
    'TOOL_FAILED',
    `Expected ffmpeg for videos but can't run ${command}. Install it (Debian and Ubuntu: \`apt install ffmpeg\`, conda: ` +
      `\`conda install -c conda-forge ffmpeg\`), or set ${tool.toUpperCase()} to where it is. Without ffmpeg, frames ` +
      'can be images of any iterable, and the result a GIF or WebP.',
    { cause: lastWords(result) },
  );
}

/** Runs ffmpeg to its end; the code is null if a signal ended it. The log has its error output. */
export async function runFfmpeg(
  args: readonly string[],
): Promise<{ readonly code: number | null; readonly log: string }> {
  const command = await findFfmpeg('ffmpeg');
  // Ctrl-C at a terminal is handled by this process: ffmpeg should finish the current file.
  const child = await startProcess<ChildProcessByStdio<null, null, Readable>>(command, ['-nostdin', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-4000);
  });
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, log: error.message }));
    child.once('close', (code) => resolve({ code, log }));
  });
}

/** The error with the last lines of a failed program's log. */
export function toolFailed(what: string, log: string): PaddleLabError {
  return new PaddleLabError('TOOL_FAILED', `ffmpeg can't ${what}: ${log.trim().split('\n').slice(-3).join('; ')}`, {
    cause: log,
  });
}

/** Writes the pictures of one file with the sound of another, as far as the pictures go. */
export async function addSound(pictures: string, seconds: number, sound: string, target: string): Promise<void> {
  const streams = ['-map', '0:v:0', '-map', '1:a?', '-c:v', 'copy', '-c:a', 'aac', '-movflags', '+faststart'];
  const inputs = [...onlyFiles, '-i', pictures, ...onlyFiles, '-i', sound];
  const { code, log } = await runFfmpeg(['-y', '-v', 'error', ...inputs, ...streams, '-t', `${seconds}`, target]);
  if (code !== 0 && isDiskFull(log)) throw diskFull(target, log);
  if (code !== 0) throw toolFailed(`add the sound of ${sound}`, log);
}
