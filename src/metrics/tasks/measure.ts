import type { Hits } from '../hits';
import type { ClassColumn, Figure } from '../task-evaluator';
import type { Scene } from './scene';

/** One way of measuring objects: adds up scenes, and gives figures of all of them. */
export interface Measure {
  add(scene: Scene): void;
  /** Computes in steps what the others read. */
  prepare(pause: () => Promise<void>): Promise<void>;
  /** The first one is the main figure. */
  figures(): readonly [Figure, ...Figure[]];
  readonly classIds: readonly number[];
  readonly classColumns: readonly ClassColumn[];
  classValues(classId: number): readonly (number | undefined)[];
  /** Precision and recall of a class at an overlap of 0.5. */
  hits(classId: number): Hits | undefined;
  /** The main figure with each image counted as often as its weight. */
  main(weights: ArrayLike<number>): number | undefined;
}
