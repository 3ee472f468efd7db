import type { RgbImage } from '../image/image';
import type { Tensor } from '../inference/tensor';
import type { CocoObject } from '../metrics/coco/records';
import type { PredictResult, ResultByTask, Task } from '../results';
import type { Conventions } from '../spec/conventions';
import type { PostprocessContext } from '../spec/spec';
import type { TaskParts } from '../spec/task-parts';

/** The fields of every result, regardless of the task. */
type Common = 'kind' | 'image' | 'labels' | 'timings' | 'raw';

/** The fields that a task adds to a result, and the applied threshold. */
export type Content<T extends Task> = Omit<ResultByTask[T], Common>;

/** The kind of a task's findings; `own` is known only to the custom task, or unknown. */
export type Finds = 'objects' | 'people' | 'pixels' | 'classes' | 'text' | 'own';

/** The Paddle script whose output is imitated, and its input. */
export interface ScriptContext {
  readonly conventions: Conventions;
  readonly file: string;
  /** Whether the model's folder or the command line has a configuration. */
  readonly configured: boolean;
}

/** Files written by PaddleDetection's scripts with `--save_results`. */
export type ScriptFile = 'bbox' | 'mask';

/** The parts required of every task in the library. */
type Needed = 'nouns' | 'found' | 'annotators' | 'table' | 'csv' | 'compare';

/** How results of one kind are used. */
export interface ResultDefinition<R extends PredictResult = PredictResult>
  extends Omit<TaskParts<R>, Needed>,
    Required<Pick<TaskParts<R>, Needed>> {
  readonly finds: Finds;
  /** The name of the result's content field. */
  readonly content: keyof R;
  /** How a result was made, if not as usual; for headlines. */
  note?(result: R): string | undefined;
  /** Its HTML in a notebook, in place of that of its table. */
  html?(result: R): string;
  /** A small picture of a result for a notebook. */
  preview?(result: R): RgbImage;
  /** The lines that Paddle's script prints for a result. */
  scriptLines?(result: R, context: ScriptContext): readonly string[];
  /**
   * The part of a record for each file of PaddleDetection's script; without it, records are written to `results.json`.
   */
  readonly scriptFiles?: Partial<Record<ScriptFile, (record: CocoObject) => object | undefined>>;
}

/** Everything about the task of a model: how its outputs are interpreted, and how its results are used. */
export interface TaskDefinition<T extends Task = Task> extends ResultDefinition<ResultByTask[T]> {
  /** Whether the outputs are PaddleDetection's: rows of boxes, their number per image, masks. */
  readonly boxRows: boolean;
  /** Converts the network's outputs to the content of one image's result. */
  read(outputs: readonly Tensor[], context: PostprocessContext): Promise<Content<T>>;
}
