import type { ImageTruth } from '../../datasets/truth';
import type { ClassificationResult } from '../../results';
import type { ClassColumn, EvaluationFigures, EvaluatorOptions, TaskEvaluator } from '../task-evaluator';
import { ConfusionTally } from './confusion-tally';
import { classesOf } from './truth-objects';

interface SeenImage {
  readonly truth: number;
  /** Place of the true class in the order of scores; undefined if the result does not have it. */
  readonly rank: number | undefined;
}

/** One class per image: whether it is the first one of the result (top-1) or among the first five (top-5). */
export class ClassificationEvaluator implements TaskEvaluator<ClassificationResult> {
  readonly truth = 'classes';
  private readonly images: SeenImage[] = [];
  private readonly tally = new ConfusionTally();
  /** The shortest list of classes in a result. */
  private shortest = Number.POSITIVE_INFINITY;

  constructor(private readonly options: EvaluatorOptions) {}

  /** @returns the score of the true class */
  add({ classes }: ClassificationResult, truth: ImageTruth): number {
    const [real] = classesOf(truth);
    if (real === undefined) return 1;
    const place = classes.findIndex(({ classId }) => classId === real);
    this.images.push({ truth: real, rank: place < 0 ? undefined : place });
    this.shortest = Math.min(this.shortest, classes.length);
    this.tally.count(real, classes[0]?.classId);
    return Math.min(1, Math.max(0, classes[place]?.score ?? 0));
  }

  async figures(): Promise<EvaluationFigures> {
    const classIds = [...new Set(this.images.map(({ truth }) => truth))].sort((a, b) => a - b);
    const top5 = { name: 'top-5', meaning: 'share of the images whose class is among the first five' };
    return {
      figures: [
        { name: 'top-1', meaning: 'share of the images whose class is the first one', value: this.top(1) },
        // A result of three classes says nothing of the fourth.
        ...(this.shortest >= Math.min(5, this.classCount) ? [{ ...top5, value: this.top(5) }] : []),
      ],
      classColumns,
      classes: classIds.map((classId) => this.classFigures(classId)),
      confusions: this.tally.confusions,
    };
  }

  mainFigure(weights: ArrayLike<number>): number | undefined {
    let [right, all] = [0, 0];
    for (const [i, { rank }] of this.images.entries()) {
      all += weights[i] as number;
      if (rank === 0) right += weights[i] as number;
    }
    return all === 0 ? undefined : right / all;
  }

  private get classCount(): number {
    return this.options.classes ?? (this.options.labels.length || 5);
  }

  private top(count: number, images: readonly SeenImage[] = this.images): number | undefined {
    const right = images.filter(({ rank }) => rank !== undefined && rank < count).length;
    return images.length === 0 ? undefined : right / images.length;
  }

  private classFigures(classId: number): EvaluationFigures['classes'][number] {
    const own = this.images.filter(({ truth }) => truth === classId);
    const values = [this.top(1, own), own.length];
    return { classId, label: this.options.labels[classId] ?? String(classId), values };
  }
}

const classColumns: readonly ClassColumn[] = [
  { name: 'top-1', unit: 'share' },
  { name: 'images', unit: 'count' },
];
