import type { Displayable, MimeBundle } from '../display/display';
import type { ProgramFormat } from '../inference/model-files';
import type { Tensor } from '../inference/tensor';
import type { CustomResult, Task } from '../results';
import type { Conventions } from './conventions';
import type { NetworkGeometry } from './network-geometry';
import type { OutputSettings } from './output-settings';
import type { PreprocessStep } from './preprocess-step';
import type { TaskParts } from './task-parts';

/** The toolkit whose deploy script a model was exported for; it decides what its preprocessing operators mean. */
export type ModelFamily =
  | 'PaddleDetection 1.x'
  | 'PaddleDetection 2.x'
  | 'PaddleSeg'
  | 'PaddleClas'
  /** An `inference.yml` of PaddleX with the keys of one of the others. */
  | 'PaddleX';

/** Everything that a model's folder says about it. */
export interface ModelSpec {
  /** How the folder is laid out, such as `PaddleSeg` or `Paddle Serving`. */
  readonly layout: string;
  readonly family: ModelFamily | 'unknown';
  readonly task: Task;
  /** Where `task` is `custom`. */
  readonly customTask?: CustomTask;
  /** Architecture family as the exporter wrote it, such as `RCNN` or `GFL`; `unknown` where it did not. */
  readonly arch: string;
  /** Class names; a result's `classId` indexes them. Empty where the configuration has none. */
  readonly labels: readonly string[];
  /** `[height, width]` that every image is brought to; undefined where it follows the image. */
  readonly inputSize: readonly [height: number, width: number] | undefined;
  readonly preprocess: readonly PreprocessStep[];
  readonly outputs: OutputSettings;
  readonly conventions: Conventions;
  readonly files: {
    readonly directory: string;
    /** The YAML file that was read; undefined for a bare program and for a configuration given as an object. */
    readonly config: string | undefined;
    readonly program: string;
    /** The parameter file; the program's folder where each parameter is a file of its own (Paddle 1.x). */
    readonly params: string;
    readonly format: ProgramFormat;
  };
}

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

/**
 * A task of your own: what the outputs of a network mean that this library does not know.
 *
 * Only `name` and `read` are needed. With `objects`, results are drawn, listed, saved as CSV and COCO and compared as those
 * of detectors are; each other part replaces what follows from them.
 *
 * @typeParam C what is found in one image; plain data or typed arrays
 */
export interface CustomTask<C = unknown> extends TaskParts<CustomResult<C>> {
  /** Its name, `result.task`. */
  readonly name: string;
  /**
   * Architectures, as `arch` of an `infer_cfg.yml` or `Global.model_name` of an `inference.yml` has them, whose models
   * get this task by themselves; it goes before what this library makes of them.
   */
  readonly architectures?: readonly string[];
  /** Makes what was found of the outputs for one image; `context.image` is its size. */
  read(outputs: readonly Tensor[], context: PostprocessContext): C | Promise<C>;
  /** How a result shows itself in a notebook: a picture, a MIME bundle or text; its table by default, else its data. */
  display?(result: CustomResult<C>): Displayable | MimeBundle | string | Promise<Displayable | MimeBundle | string>;
}
