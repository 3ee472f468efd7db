import type { RgbImage } from '../image/image';
import type { Tensor } from '../inference/tensor';
import type { CocoObject } from '../metrics/coco/records';
import type { ResultByTask, Task } from '../results';
import type { ModelFamily, PostprocessContext } from '../spec/spec';
import type { TaskParts } from '../spec/task-parts';

/** The fields of every result, regardless of the task. */
type Common = 'kind' | 'image' | 'labels' | 'timings' | 'raw';

/** The fields that a task adds to a result, and the applied threshold. */
export type Content<T extends Task> = Omit<ResultByTask[T], Common>;

/** The kind of a task's findings; `own` is known only to the custom task, or unknown. */
export type Finds = 'objects' | 'people' | 'pixels' | 'classes' | 'text' | 'own';

/** The Paddle script whose output is imitated, and its input. */
export interface ScriptContext {
  readonly family: ModelFamily | 'unknown';
  readonly file: string;
  /** Whether the model's folder or the command line has a configuration. */
  readonly configured: boolean;
}

/** Files written by PaddleDetection's scripts with `--save_results`. */
export type ScriptFile = 'bbox' | 'mask';

/** The parts required of every task in the library. */
type Needed = 'nouns' | 'found' | 'annotators' | 'table' | 'csv' | 'compare';

/** Everything about one task: how its outputs are interpreted, and how its results are used. */
export interface TaskDefinition<T extends Task = Task>
  extends Omit<TaskParts<ResultByTask[T]>, Needed>,
    Required<Pick<TaskParts<ResultByTask[T]>, Needed>> {
  readonly finds: Finds;
  /** Whether the outputs are PaddleDetection's: rows of boxes, their number per image, masks. */
  readonly boxRows: boolean;
  /** Converts the network's outputs to the content of one image's result. */
  read(outputs: readonly Tensor[], context: PostprocessContext): Promise<Content<T>>;
  /** The name of the result's content field. */
  readonly content: keyof ResultByTask[T];
  /** A small picture of a result for a notebook. */
  preview?(result: ResultByTask[T]): RgbImage;
  /** The lines that Paddle's script prints for a result. */
  scriptLines?(result: ResultByTask[T], context: ScriptContext): readonly string[];
  /**
   * The part of a record for each file of PaddleDetection's script; without it, records are written to `results.json`.
   */
  readonly scriptFiles?: Partial<Record<ScriptFile, (record: CocoObject) => object | undefined>>;
}
