import { PaddleLabError } from '../errors';
import { open, statIfThere } from '../files/fs';
import { resolvePath } from '../image/image';
import { invalidArgument } from '../validate';

/** ffmpeg recognises formats by their content, whatever the file is called; these open other files. */
const playlists =
  /^\uFEFF?\s*(?:#EXTM3U|ffconcat version|\[playlist\]|v=0\r?\n|(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:MPD|smil|asx|AssetMap|CompositionPlaylist)\b)/is;
const headBytes = 4096;

/**
 * The full path of an existing video file.
 *
 * @throws PaddleLabError FILE_NOT_FOUND; INVALID_ARGUMENT for a playlist
 */
export async function findVideo(file: string): Promise<string> {
  const target = await findFile(file);
  if (!playlists.test(await headOf(target))) return target;
  throw invalidArgument(
    'source',
    `video file, or a playlist named as one, { playlist: ${JSON.stringify(file)} }, because it opens other files`,
    file,
  );
}

/** The full path of an existing file. */
export async function findFile(file: string): Promise<string> {
  const target = resolvePath(file);
  if ((await statIfThere(target))?.isFile()) return target;
  throw new PaddleLabError('FILE_NOT_FOUND', `Video ${file} does not exist (looked for ${target})`);
}

async function headOf(target: string): Promise<string> {
  const file = await open(target);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
