import type { ImageTruth, TrueObject } from '../../datasets/truth';
import type { KeypointsResult } from '../../results';
import { CocoEvaluator } from '../coco/evaluator';
import { keypointOverlaps, type TrueJoint } from '../coco/keypoint-overlap';
import { keypointParameters } from '../coco/parameters';
import type { EvaluationFigures, Figure, TaskEvaluator } from '../task-evaluator';
import { objectsOf } from './truth-objects';

type Person = KeypointsResult['people'][number];

/** The only class of COCO's keypoints. */
const person = 0;

/**
 * Joints by COCO's average precision over the object keypoint similarity (OKS), as in pycocotools for records without a
 * `bbox`: of at most 20 people in an image, the area of a found one is that of the joints' bounding box.
 */
export class KeypointEvaluator implements TaskEvaluator<KeypointsResult> {
  readonly truth = 'objects';
  private readonly evaluator = new CocoEvaluator(keypointParameters);
  private images = 0;

  /** @returns the mean OKS of the true people, each with the person that fits best */
  add({ people }: KeypointsResult, truth: ImageTruth): number {
    const truths = objectsOf(truth).filter(({ keypoints }) => keypoints !== undefined);
    const overlapsOf = (order: readonly number[]): Float64Array => {
      return keypointOverlaps(
        order.map((index) => (people[index] as Person).keypoints),
        truths.map(personOf),
      );
    };
    const scored = { scores: people.map(({ score }) => score), areas: people.map(areaOf) };
    this.evaluator.add(this.images++, person, scored, truths, overlapsOf);
    return meanBest(
      overlapsOf([...people.keys()]),
      truths.map(({ ignored }) => !ignored),
    );
  }

  async figures(): Promise<EvaluationFigures> {
    await this.evaluator.accumulate();
    const precision = (at: Parameters<CocoEvaluator['averagePrecision']>[0]) => this.evaluator.averagePrecision(at);
    const recall = (at: Parameters<CocoEvaluator['averageRecall']>[0]) => this.evaluator.averageRecall(at);
    const figure = (name: string, meaning: string, value: number | undefined): Figure => ({ name, meaning, value });
    const curve = this.evaluator.fullCurve(person, { threshold: 0 });
    return {
      figures: [
        figure('AP', 'average precision, mean over similarities (OKS) from 0.5 to 0.95', precision({})),
        figure('AP50', 'average precision at a similarity of 0.5', precision({ threshold: 0 })),
        figure('AP75', 'average precision at a similarity of 0.75', precision({ threshold: 5 })),
        figure('AP medium', 'AP of people from 32² to 96² pixels', precision({ area: 1 })),
        figure('AP large', 'AP of people over 96² pixels', precision({ area: 2 })),
        figure('AR', 'average recall with 20 people per image', recall({})),
        figure('AR50', 'recall at a similarity of 0.5', recall({ threshold: 0 })),
        figure('AR75', 'recall at a similarity of 0.75', recall({ threshold: 5 })),
        figure('AR medium', 'AR of people from 32² to 96² pixels', recall({ area: 1 })),
        figure('AR large', 'AR of people over 96² pixels', recall({ area: 2 })),
      ],
      classColumns: [],
      classes: [],
      ...(curve === undefined ? {} : { curves: [{ classId: person, label: 'person', ...curve }] }),
    };
  }

  mainFigure(weights: ArrayLike<number>): number | undefined {
    return this.evaluator.averagePrecision({ weights });
  }
}

function personOf({ keypoints = [], area, box }: TrueObject): {
  joints: TrueJoint[];
  area: number;
  box: TrueObject['box'];
} {
  const joints = Array.from({ length: Math.floor(keypoints.length / 3) }, (_, i) => {
    const [x = 0, y = 0, visibility = 0] = keypoints.slice(i * 3, i * 3 + 3);
    return { x, y, visibility };
  });
  return { joints, area, box };
}

function areaOf({ keypoints }: Person): number {
  const [xs, ys] = [keypoints.map(({ x }) => x), keypoints.map(({ y }) => y)];
  return (Math.max(...xs) - Math.min(...xs)) * (Math.max(...ys) - Math.min(...ys));
}

/** @param overlaps rows of as many numbers as there are truths, one a found person */
function meanBest(overlaps: Float64Array, counts: readonly boolean[]): number {
  const best = counts.flatMap((counted, truth) => {
    if (!counted) return [];
    let most = 0;
    for (let at = truth; at < overlaps.length; at += counts.length) most = Math.max(most, overlaps[at] as number);
    return [most];
  });
  return best.length === 0 ? 1 : best.reduce((sum, value) => sum + value, 0) / best.length;
}
