import { diskFull, isDiskFull } from '../files/disk-full';
import { runFfmpeg, toolFailed } from '../video/ffmpeg';

/** Writes the pictures of one file with the sound of another, as far as the pictures go. */
export async function addSound(pictures: string, seconds: number, sound: string, target: string): Promise<void> {
  const streams = ['-map', '0:v:0', '-map', '1:a?', '-c:v', 'copy', '-c:a', 'aac', '-movflags', '+faststart'];
  const inputs = ['-i', pictures, '-i', sound];
  const { code, log } = await runFfmpeg(['-y', '-v', 'error', ...inputs, ...streams, '-t', `${seconds}`, target]);
  if (code !== 0 && isDiskFull(log)) throw diskFull(target, log);
  if (code !== 0) throw toolFailed(`add the sound of ${sound}`, log);
}
