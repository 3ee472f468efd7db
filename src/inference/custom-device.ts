import path from 'node:path';
import { PaddleLabError } from '../errors';
import { readdir, readFile } from '../files/fs';

/**
 * Refuses a custom device without a plug-in, because Paddle would end the process. Plug-ins are shared libraries in the
 * folders of `CUSTOM_DEVICE_ROOT` that contain the name of their device as text.
 *
 * @throws PaddleLabError DEVICE_UNAVAILABLE
 */
export async function checkCustomDevice(deviceType: string): Promise<void> {
  const root = process.env.CUSTOM_DEVICE_ROOT ?? '';
  const folders = root.split(path.delimiter).filter((folder) => folder !== '');
  const wanted = Buffer.from(`\0${deviceType}\0`, 'latin1');
  for (const folder of folders) {
    const names = await readdir(folder).catch((): string[] => []);
    for (const name of names) {
      if (!name.endsWith('.so')) continue;
      const bytes = await readFile(path.join(folder, name)).catch(() => Buffer.alloc(0));
      if (bytes.includes(wanted)) return;
    }
  }
  const where = folders.length === 0 ? 'CUSTOM_DEVICE_ROOT is not set' : `there is none in ${root}`;
  throw new PaddleLabError(
    'DEVICE_UNAVAILABLE',
    `Custom device "${deviceType}" needs a plug-in of Paddle for it, but ${where}; Paddle would end the process`,
  );
}
