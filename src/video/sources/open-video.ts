import { camera } from './camera';
import { fileSource, playlistSource } from './file';
import { stream } from './stream';
import { checkVideoInput, type VideoInput } from './video-input';
import type { VideoSource } from './video-source';

/**
 * The source that an input names; nothing is decoded yet.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION, FILE_NOT_FOUND
 */
export async function openVideo(input: VideoInput): Promise<VideoSource> {
  const checked = checkVideoInput(input);
  switch (checked.kind) {
    case 'file':
      return fileSource(checked.file);
    case 'playlist':
      return playlistSource(checked.file);
    case 'camera':
      return camera(checked.id);
    case 'stream':
      return stream(checked);
  }
}
