import type { ProgramFormat } from '../inference/model-files';
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
export type Task = 'detection' | 'instance-segmentation';

/** Everything that a model's folder says about it. */
export interface ModelSpec {
  readonly family: ModelFamily;
  readonly task: Task;
  /** Architecture family as the exporter wrote it, such as `RCNN` or `GFL`. */
  readonly arch: string;
  /** Class names; a result's `classId` indexes them. */
  readonly labels: readonly string[];
  readonly preprocess: readonly PreprocessStep[];
  readonly files: {
    readonly directory: string;
    readonly config: string;
    readonly program: string;
    readonly params: string;
    readonly format: ProgramFormat;
  };
}
