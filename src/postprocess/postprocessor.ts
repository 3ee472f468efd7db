import type { Tensor } from '../inference/tensor';
import type { PostprocessContext, Task } from '../spec/spec';

export type { PostprocessContext } from '../spec/spec';

import type { ResultByTask } from '../results';

type Common = 'kind' | 'image' | 'labels' | 'timings' | 'raw';

/** What a task adds to a result, and the threshold that it went by. */
export type Content<T extends Task> = Pick<
  ResultByTask[T],
  Extract<
    Exclude<keyof ResultByTask[T], Common>,
    'threshold' | 'detections' | 'people' | 'segments' | 'classes' | 'outputs' | 'probabilities' | 'task' | 'content'
  >
>;

/** Makes what was found in one image of the network's outputs. */
export interface Postprocessor<T extends Task> {
  read(outputs: readonly Tensor[], context: PostprocessContext): Promise<Content<T>>;
}
