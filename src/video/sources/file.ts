import { decodeFrames } from '../decode-frames';
import { onlyFiles } from '../ffmpeg';
import { findFile, findVideo } from '../find-video';
import type { VideoSource } from './video-source';

/** Playlists may name files and addresses. */
const playlistProtocols = 'file,crypto,data,http,https,httpproxy,tcp,tls';

/** @throws PaddleLabError FILE_NOT_FOUND; INVALID_ARGUMENT for a playlist */
export async function fileSource(file: string): Promise<VideoSource> {
  return source(await findVideo(file), onlyFiles);
}

/** @throws PaddleLabError FILE_NOT_FOUND */
export async function playlistSource(file: string): Promise<VideoSource> {
  return source(await findFile(file), ['-protocol_whitelist', playlistProtocols]);
}

function source(target: string, protocols: readonly string[]): VideoSource {
  const args = [...protocols, '-i', target];
  return { kind: 'file', name: target, frames: (stop) => decodeFrames({ args, name: target }, stop) };
}
