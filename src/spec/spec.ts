import type { Displayable, MimeBundle } from '../display/display';
import type { ProgramFormat } from '../inference/model-files';
import type { Tensor } from '../inference/tensor';
import type { CustomResult } from '../results';
import type { PreprocessStep } from './preprocess-step';

/** The toolkit whose deploy script a model was exported for; it decides what its preprocessing operators mean. */
export type ModelFamily =
  | 'PaddleDetection 1.x'
  | 'PaddleDetection 2.x'
  | 'PaddleSeg'
  | 'PaddleClas'
  /** An `inference.yml` of PaddleX with the keys of one of the others. */
  | 'PaddleX';

/** What a model does; the `kind` of the model and of its results. */
export type Task =
  | 'detection'
  | 'rotated-detection'
  | 'instance-segmentation'
  | 'keypoints'
  | 'semantic-segmentation'
  | 'classification'
  /** A task that a user registered, or gave `loadModel`. */
  | 'custom'
  /** No configuration says what the outputs mean: `predict` gives the tensors. */
  | 'tensors';

/** What can be asked for by name. */
export const tasks: readonly Exclude<Task, 'custom'>[] = [
  'detection',
  'rotated-detection',
  'instance-segmentation',
  'keypoints',
  'semantic-segmentation',
  'classification',
  'tensors',
];

/** What a task finds in an image; `own` is what the user's task, or nobody, knows. */
export type Finds = 'objects' | 'people' | 'pixels' | 'classes' | 'own';

/** What each task finds. A new task has to say it, so that nothing guesses by the name. */
export const taskFinds: Readonly<Record<Task, Finds>> = {
  detection: 'objects',
  'rotated-detection': 'objects',
  'instance-segmentation': 'objects',
  keypoints: 'people',
  'semantic-segmentation': 'pixels',
  classification: 'classes',
  custom: 'own',
  tensors: 'own',
};

/** How a classifier's scores become classes: an entry of `PostProcess` in PaddleClas. */
export type ClassificationRule =
  | { readonly type: 'Topk'; readonly topk: number }
  | { readonly type: 'ThreshOutput'; readonly threshold: number; readonly defaultLabelIndex: number }
  | { readonly type: 'MultiLabelThreshOutput'; readonly threshold: number };

/** How PaddleX treats boxes that lie in one another: all stay, the outer ones stay, the inner ones stay. */
export type LayoutMergeMode = 'union' | 'large' | 'small';

/** What PaddleX reads of an `inference.yml` for the boxes of detectors; its layout models have most of it. */
export interface PaddlexSettings {
  /** Thresholds by class, 0.5 for classes that are not named. */
  readonly thresholds?: Readonly<Record<number, number>>;
  readonly layoutNms: boolean;
  readonly merge?: LayoutMergeMode | Readonly<Record<number, LayoutMergeMode>>;
  /** Factors of the width and the height of boxes, for all or by class. */
  readonly unclip?: readonly [number, number] | Readonly<Record<number, readonly [number, number]>>;
}

/** What a configuration says about the outputs; absent where it says nothing or the task has no such thing. */
export interface OutputSettings {
  /** What PaddleX takes for a threshold where none is given: `draw_threshold` of an `inference.yml`. */
  readonly threshold?: number;
  /** Side of the square masks of Mask R-CNN in PaddleDetection 1.x. */
  readonly maskResolution?: number;
  /** Output boxes are fractions of the image's size: SSD and Face of PaddleDetection 1.x. */
  readonly normalizedBoxes?: boolean;
  /** Faces with points: PaddleDetection 1.x `with_lmk`. */
  readonly landmarks?: boolean;
  /** PicoDet without its post-processing: strides of the levels, and IoU of suppression. */
  readonly picodet?: { readonly strides: readonly number[]; readonly nmsThreshold: number };
  readonly classification?: ClassificationRule;
  readonly paddlex?: PaddlexSettings;
}

/** What a toolkit's script does differently from the others; decided once, when the configuration is read. */
export interface Conventions {
  /** What `im_shape`, `scale_factor` and their like hold. */
  readonly inputs: 'PaddleDetection 1.x' | 'PaddleDetection 2.x';
  /** Which size `im_info` of 1.x tells. */
  readonly imInfo: 'resized' | 'padded';
  /** What may share a run: nothing, images of one size, or any, with zeros at the right and bottom. */
  readonly batches: 'one image' | 'equal sizes' | 'padded';
  /** What tells how many rows of boxes count. */
  readonly boxCount: 'rows' | 'second output';
  /** Rows of boxes may have one or two columns more, for a reading order. */
  readonly readingOrder: boolean;
  /** Boxes are arranged as PaddleX does for layouts: thresholds by class, merging, enlarging. */
  readonly arrangesLayout: boolean;
  /** Corners and masks are cut at the image's borders. */
  readonly clampsBoxes: boolean;
  /** What the network's masks cover; `segments` are SOLOv2's, which has no boxes. */
  readonly masks: 'whole image' | 'inside boxes' | 'segments';
  /** Added to the class numbers of segments: 1.x counts from the background. */
  readonly segmentClassOffset: 0 | 1;
  /** Paddle Serving sorts outputs by the names of variables. */
  readonly outputOrder: 'exported' | 'by name';
  /** How people are found: all at once, or one in a crop. */
  readonly people: 'bottom-up' | 'top-down';
}

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

/** How an image of some size lies in the tensor that the steps make of it. */
export interface NetworkGeometry {
  /** `[height, width]` of the tensor. */
  readonly size: readonly [number, number];
  /** `[height, width]` of the image in it, at its top left; the rest is padding. Not rounded. */
  readonly content: readonly [number, number];
  /** `[height, width]` as the network is told it. */
  readonly imShape: readonly [number, number];
  /** `[y, x]` factors as the network is told them. */
  readonly scaleFactor: readonly [number, number];
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
 * A task of one's own: what the outputs of a network mean that this library knows nothing of.
 *
 * @typeParam C what is found in one image; plain data or typed arrays
 */
export interface CustomTask<C = unknown> {
  /** Its name, `result.task`. */
  readonly name: string;
  /**
   * Architectures, as `arch` of an `infer_cfg.yml` or `Global.model_name` of an `inference.yml` has them, whose models
   * get this task by themselves; it goes before what this library makes of them.
   */
  readonly architectures?: readonly string[];
  /** Makes what was found of the outputs for one image; `context.image` is its size. */
  read(outputs: readonly Tensor[], context: PostprocessContext): C | Promise<C>;
  /** How a result shows itself in a notebook: a picture, a MIME bundle or text; its data by default. */
  display?(result: CustomResult<C>): Displayable | MimeBundle | string | Promise<Displayable | MimeBundle | string>;
}
