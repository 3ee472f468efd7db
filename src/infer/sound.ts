import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { findFfmpeg, toolFailed } from '../video/ffmpeg';

const execFileAsync = promisify(execFile);

/** Puts the sound of one file, as far as the pictures go, beside the pictures of another, and takes the latter away. */
export async function addSound(pictures: string, seconds: number, sound: string, target: string): Promise<void> {
  const command = await findFfmpeg('ffmpeg');
  const streams = ['-map', '0:v:0', '-map', '1:a?', '-c:v', 'copy', '-c:a', 'aac', '-movflags', '+faststart'];
  try {
    await execFileAsync(command, [
      '-y',
      '-v',
      'error',
      '-i',
      pictures,
      '-i',
      sound,
      ...streams,
      '-t',
      `${seconds}`,
      target,
    ]);
  } catch (error) {
    throw toolFailed(`add the sound of ${sound}`, (error as { stderr?: string }).stderr ?? String(error));
  } finally {
    await rm(pictures, { force: true });
  }
}
