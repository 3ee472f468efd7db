import type { RgbImage } from '../image/image';
import type { Tensor } from '../inference/tensor';
import type { ResultByTask, Task } from '../results';
import type { CocoObject } from '../spec/coco-records';
import type { ModelFamily, PostprocessContext } from '../spec/spec';
import type { TaskParts } from '../spec/task-parts';

/** What every result has, whatever the task. */
type Common = 'kind' | 'image' | 'labels' | 'timings' | 'raw';

/** What a task adds to a result, and the threshold that it went by. */
export type Content<T extends Task> = Omit<ResultByTask[T], Common>;

/** What a task finds in an image; `own` is what only the user's task knows, or nobody. */
export type Finds = 'objects' | 'people' | 'pixels' | 'classes' | 'own';

/** Which of Paddle's scripts speaks, and of what. */
export interface ScriptContext {
  readonly family: ModelFamily | 'unknown';
  readonly file: string;
  /** Whether the model's folder or the command line has a configuration. */
  readonly configured: boolean;
}

/** Files that PaddleDetection's scripts write with `--save_results`. */
export type ScriptFile = 'bbox' | 'mask';

/** The parts that every task of the library has. */
type Needed = 'nouns' | 'found' | 'annotators' | 'table' | 'csv' | 'compare';

/** Everything about one task: what its outputs mean, and what can be done with its results. */
export interface TaskDefinition<T extends Task = Task>
  extends Omit<TaskParts<ResultByTask[T]>, Needed>,
    Required<Pick<TaskParts<ResultByTask[T]>, Needed>> {
  readonly finds: Finds;
  /** Outputs are PaddleDetection's: rows of boxes, their numbers an image, masks. */
  readonly boxRows: boolean;
  /** Makes what was found in one image of the network's outputs. */
  read(outputs: readonly Tensor[], context: PostprocessContext): Promise<Content<T>>;
  /** The field of a result that holds what was found. */
  readonly content: keyof ResultByTask[T];
  /** A small picture of a result for a notebook. */
  preview?(result: ResultByTask[T]): RgbImage;
  /** The lines that Paddle's script prints about a result. */
  scriptLines?(result: ResultByTask[T], context: ScriptContext): readonly string[];
  /** What of a record goes into the files of PaddleDetection's script; without it, records go into `results.json`. */
  readonly scriptFiles?: Partial<Record<ScriptFile, (record: CocoObject) => object | undefined>>;
}
