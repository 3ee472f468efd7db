import type { Task } from '../../model/spec';
import type { ImageWriter } from './image-writer';
import { pictureWriter } from './picture';

export type { ImageFile, ImageWriter } from './image-writer';

/** What can be written for each image. */
export type ImageOutput = 'picture' | 'palette';

/** Tasks whose results can be drawn. */
const drawn: readonly Task[] = ['detection', 'instance-segmentation', 'rotated-detection', 'semantic-segmentation'];

/** What is written of a task if nothing is said. */
export function defaultOutputs(task: Task): readonly ImageOutput[] {
  return drawn.includes(task) ? ['picture'] : [];
}

/** A writer for each output, in PaddleSeg's folders where there are several. */
export function writersFor(outputs: readonly ImageOutput[], style: 'paddlelab' | 'paddle'): ImageWriter[] {
  return outputs.map((output) => pictureWriter(outputs.length > 1 ? 'added_prediction' : '', style));
}
