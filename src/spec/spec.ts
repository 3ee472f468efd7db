import type { Displayable, MimeBundle } from '../display/display';
import type { ProgramFormat } from '../inference/model-files';
import type { Tensor } from '../inference/tensor';
import type { CustomResult, Task } from '../results';
import type { Conventions } from './conventions';
import type { NetworkGeometry } from './network-geometry';
import type { OutputSettings } from './output-settings';
import type { PreprocessStep } from './preprocess-step';
import type { TaskParts } from './task-parts';

/**
 * The toolkit whose deploy script a model was exported for; it determines the meaning of its preprocessing operators.
 */
export type ModelFamily =
  | 'PaddleDetection 1.x'
  | 'PaddleDetection 2.x'
  | 'PaddleSeg'
  | 'PaddleClas'
  | 'PaddleOCR'
  /** PaddleX: an `inference.yml` with the keys of one of the other toolkits. */
  | 'PaddleX';

/** The specification of a model, read from its folder. */
export interface ModelSpec {
  /** The layout of the folder, such as `PaddleSeg` or `Paddle Serving`. */
  readonly layout: string;
  readonly family: ModelFamily | 'unknown';
  readonly task: Task;
  /** Set if `task` is `custom`. */
  readonly customTask?: CustomTask;
  /** Architecture family according to the exporter, such as `RCNN` or `GFL`; `unknown` if missing. */
  readonly arch: string;
  /** Class names, indexed by a result's `classId`. Empty if the configuration has none. */
  readonly labels: readonly string[];
  /** `[height, width]` of the network's input; undefined if it depends on the image. */
  readonly inputSize: readonly [height: number, width: number] | undefined;
  readonly preprocess: readonly PreprocessStep[];
  readonly outputs: OutputSettings;
  readonly conventions: Conventions;
  readonly files: {
    readonly directory: string;
    /** The YAML file that was read; undefined for a bare program and for a configuration given as an object. */
    readonly config: string | undefined;
    readonly program: string;
    /** The parameter file; the program's folder if each parameter has its own file (Paddle 1.x). */
    readonly params: string;
    readonly format: ProgramFormat;
  };
}

/** The input of a postprocessor besides the tensors. */
export interface PostprocessContext {
  readonly spec: ModelSpec;
  readonly image: { readonly width: number; readonly height: number };
  /** The requested threshold; undefined: the task's own. */
  readonly threshold: number | undefined;
  /** Whether maps of probabilities were requested. */
  readonly probabilities?: boolean;
  /** The geometry that preprocessing passed to the network, or would have passed. */
  readonly network: NetworkGeometry;
}

/**
 * A custom task: it interprets the outputs of a network that this library does not know.
 *
 * Only `name` and `read` are required. With `objects`, results are drawn, listed, saved as CSV and COCO and compared
 * like those of detectors; each other part replaces the respective default.
 *
 * @typeParam C the content of a result; plain data or typed arrays
 */
export interface CustomTask<C = unknown> extends TaskParts<CustomResult<C>> {
  /** Its name, `result.task`. */
  readonly name: string;
  /**
   * Architectures whose models use this task automatically, as in `arch` of an `infer_cfg.yml` or `Global.model_name`
   * of an `inference.yml`; it has precedence over this library's tasks.
   */
  readonly architectures?: readonly string[];
  /** Converts the outputs for one image to the content of its result; `context.image` is its size. */
  read(outputs: readonly Tensor[], context: PostprocessContext): C | Promise<C>;
  /** How a result is displayed in a notebook: a picture, a MIME bundle or text; by default its table, else its data. */
  display?(result: CustomResult<C>): Displayable | MimeBundle | string | Promise<Displayable | MimeBundle | string>;
}
