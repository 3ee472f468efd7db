import { decodeImage, type ImageInput } from '../image/image';
import { isIterable } from '../predict/predict-stream';
import type { VideoFrame } from './decode-frames';
import type { VideoInput } from './sources/video-input';

/** Images that stand for a video. */
export type FrameImages = Iterable<ImageInput> | AsyncIterable<ImageInput>;

export function isFrameImages(source: VideoInput | FrameImages): source is FrameImages {
  return typeof source !== 'string' && isIterable(source);
}

/** Images as the frames of a video with a fixed frame rate; each is decoded when it is wanted. */
export async function* numberedFrames(images: FrameImages, fps: number): AsyncGenerator<VideoFrame, void, undefined> {
  let index = 0;
  for await (const input of images) {
    yield { index, time: index / fps, image: await decodeImage(input) };
    index++;
  }
}
