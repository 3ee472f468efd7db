import type { Tensor } from '../inference/tensor';
import type { ModelSpec } from '../model/spec';
import type { Detection } from '../results';

/** What a postprocessor needs beside the tensors. */
export interface PostprocessContext {
  readonly spec: ModelSpec;
  readonly image: { readonly width: number; readonly height: number };
  readonly threshold: number;
}

/** Makes the objects of one image of the network's outputs, best score first. */
export interface Postprocessor<D extends Detection> {
  detections(outputs: readonly Tensor[], context: PostprocessContext): Promise<readonly D[]>;
}
