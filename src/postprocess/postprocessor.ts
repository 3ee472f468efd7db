import type { Tensor } from '../inference/tensor';
import type { NetworkGeometry } from '../model/network-geometry';
import type { ModelSpec, Task } from '../model/spec';
import type { ResultByTask } from '../results';

/** What a postprocessor needs beside the tensors. */
export interface PostprocessContext {
  readonly spec: ModelSpec;
  readonly image: { readonly width: number; readonly height: number };
  /** What the user asked for; undefined: the task's own. */
  readonly threshold: number | undefined;
  /** Whether maps of probabilities were asked for. */
  readonly probabilities?: boolean;
  /** What preprocessing told the network, or would have. */
  readonly network: NetworkGeometry;
}

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
