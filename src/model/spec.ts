import type { ProgramFormat } from '../inference/model-files';
import type { CustomTask } from '../postprocess/custom-task';
import type { PreprocessStep } from '../preprocess/pipeline';

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
