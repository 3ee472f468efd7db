import { decodeImage, type ImageInput } from '../image/image';
import type { VideoFrame } from './decode-frames';

/** Images as the frames of a video with a fixed frame rate; each is decoded when it is wanted. */
export async function* numberedFrames(
  images: Iterable<ImageInput> | AsyncIterable<ImageInput>,
  fps: number,
): AsyncGenerator<VideoFrame, void, undefined> {
  let index = 0;
  for await (const input of images) {
    yield { index, time: index / fps, image: await decodeImage(input) };
    index++;
  }
}
