import { CocoEvaluator } from '../coco/evaluator';
import type { CocoParameters } from '../coco/parameters';
import type { Hits } from '../hits';
import { type ClassColumn, count, type Figure, share } from '../task-evaluator';
import type { Measure } from './measure';
import { byClass, type Scene, scoreOf } from './scene';
import type { Shape } from './shapes';

const inWords = { all: 'all', small: 'small', medium: 'medium', large: 'large' } as const;

/** COCO's figures, as pycocotools has them. */
export class CocoMeasure implements Measure {
  private readonly evaluator: CocoEvaluator;

  /** @param prefix before the figures' names, such as `mask ` */
  constructor(
    private readonly shape: Shape,
    private readonly parameters: CocoParameters,
    private readonly prefix = '',
  ) {
    this.evaluator = new CocoEvaluator(parameters);
  }

  add(scene: Scene): void {
    const { shape } = this;
    const truths = scene.truths.filter((truth) => shape.measures?.(truth) ?? true);
    for (const [classId, part] of byClass({ ...scene, truths })) {
      const scores = part.found.map(scoreOf);
      const areas = part.found.map((one) => shape.area(one));
      this.evaluator.add(scene.image, classId, { scores, areas }, part.truths, (order) =>
        shape.overlaps({ ...part, found: order.map((index) => part.found[index] as Scene['found'][number]) }),
      );
    }
  }

  prepare(pause: () => Promise<void>): Promise<void> {
    return this.evaluator.prepare(pause);
  }

  figures(): readonly [Figure, ...Figure[]] {
    const { evaluator, prefix } = this;
    const { areas, maxDetections } = this.parameters;
    const sizes = areas.flatMap(({ name }, area) => (name === 'all' ? [] : [{ name: inWords[name], area }]));
    const figure = (name: string, meaning: string, value: number | undefined): Figure => ({
      name: `${prefix}${name}`,
      meaning,
      value,
    });
    return [
      figure('AP', 'average precision, mean over overlaps of 0.50 to 0.95', evaluator.averagePrecision()),
      figure('AP50', 'average precision at an overlap of 0.5', evaluator.averagePrecision({ threshold: 0 })),
      figure('AP75', 'average precision at an overlap of 0.75', evaluator.averagePrecision({ threshold: 5 })),
      ...sizes.map(({ name, area }) =>
        figure(`AP ${name}`, `average precision of ${name} objects`, evaluator.averagePrecision({ area })),
      ),
      ...maxDetections.map((count, most) =>
        figure(
          `AR@${count}`,
          `average recall with ${count} detection${count === 1 ? '' : 's'} per class and image`,
          evaluator.averageRecall({ most }),
        ),
      ),
      ...(maxDetections.length > 1
        ? []
        : [
            figure('AR50', 'recall at an overlap of 0.5', evaluator.averageRecall({ threshold: 0 })),
            figure('AR75', 'recall at an overlap of 0.75', evaluator.averageRecall({ threshold: 5 })),
          ]),
      ...sizes.map(({ name, area }) =>
        figure(`AR ${name}`, `average recall of ${name} objects`, evaluator.averageRecall({ area })),
      ),
    ];
  }

  get classIds(): readonly number[] {
    return this.evaluator.classIds;
  }

  get classColumns(): readonly ClassColumn[] {
    return [...['AP', 'AP50', 'AR'].map((name) => share(`${this.prefix}${name}`)), count('objects'), count('found')];
  }

  classValues(classId: number): readonly (number | undefined)[] {
    const { evaluator } = this;
    const { truths, found } = evaluator.counts(classId);
    return [
      evaluator.averagePrecision({ classId }),
      evaluator.averagePrecision({ classId, threshold: 0 }),
      evaluator.averageRecall({ classId }),
      truths,
      found,
    ];
  }

  hits(classId: number): Hits | undefined {
    return this.evaluator.hits(classId, 0);
  }

  main(weights: ArrayLike<number>): number | undefined {
    return this.evaluator.weightedPrecision(weights);
  }
}
