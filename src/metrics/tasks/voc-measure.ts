import type { Hits } from '../hits';
import { type ClassColumn, count, type Figure, share } from '../task-evaluator';
import type { VocRule } from '../voc/average-precision';
import { VocEvaluator } from '../voc/evaluator';
import type { Measure } from './measure';
import { byClass, type Scene, scoreOf } from './scene';
import type { Shape } from './shapes';

const inWords = {
  integral: 'area under the curve of precision by recall at an overlap above 0.5, mean over classes',
  '11point': 'precision at 11 recalls at an overlap above 0.5 (VOC 2007), mean over classes',
} as const satisfies Record<VocRule, string>;

/** Average precision as PaddleDetection's VOC and rotated metrics. */
export class VocMeasure implements Measure {
  private readonly evaluator: VocEvaluator;

  constructor(
    private readonly shape: Shape,
    private readonly rule: VocRule,
  ) {
    this.evaluator = new VocEvaluator(rule);
  }

  add(scene: Scene): void {
    const truths = scene.truths.filter((truth) => this.shape.measures?.(truth) ?? true);
    for (const [classId, part] of byClass({ ...scene, truths })) {
      this.evaluator.add(scene.image, classId, part.found.map(scoreOf), part.truths, this.shape.overlaps(part));
    }
  }

  async prepare(pause: () => Promise<void>): Promise<void> {
    for (const classId of this.classIds) {
      this.evaluator.averagePrecision(classId);
      await pause();
    }
  }

  figures(): readonly [Figure, ...Figure[]] {
    return [{ name: 'mAP', meaning: inWords[this.rule], value: this.evaluator.averagePrecision() }];
  }

  get classIds(): readonly number[] {
    return this.evaluator.classIds;
  }

  get classColumns(): readonly ClassColumn[] {
    return [share('AP'), share('recall'), count('objects'), count('found')];
  }

  classValues(classId: number): readonly (number | undefined)[] {
    const { truths, found } = this.evaluator.counts(classId);
    const recall = truths === 0 ? undefined : (this.hits(classId)?.recalls.at(-1) ?? 0);
    return [this.evaluator.averagePrecision(classId), recall, truths, found];
  }

  hits(classId: number): Hits | undefined {
    return this.evaluator.hits(classId);
  }

  main(weights: ArrayLike<number>): number | undefined {
    return this.evaluator.averagePrecision(undefined, weights);
  }
}
