import type { ImageTruth, TrueObject } from '../../datasets/truth';
import { PaddleLabError } from '../../errors';
import { fillPolygons } from '../../image/polygon-mask';
import { encodeRle, rleArea } from '../../image/rle';
import type { AnyDetectionResult, RleMask } from '../../results';
import { boxOverlaps, type CocoBox } from '../coco/box-overlap';
import { CocoEvaluator, type OverlapsOf } from '../coco/evaluator';
import { maskOverlaps } from '../coco/mask-overlap';
import { objectParameters } from '../coco/parameters';
import type {
  ClassColumn,
  ClassFigures,
  EvaluationFigures,
  EvaluatorOptions,
  Figure,
  TaskEvaluator,
} from '../task-evaluator';
import { ConfusionTally } from './confusion-tally';
import { objectsOf } from './truth-objects';

/** What overlaps are measured of: boxes, or the masks of instance segmentation. */
export type Measured = 'box' | 'mask';

type Detection = AnyDetectionResult['detections'][number];

/**
 * Objects with boxes, or with boxes and masks, by COCO's average precision as in pycocotools: the mean over classes and
 * over the overlaps 0.5 to 0.95, of at most 100 objects of a class in an image.
 */
export class CocoObjectEvaluator implements TaskEvaluator<AnyDetectionResult> {
  readonly truth = 'objects';
  private readonly evaluators: ReadonlyMap<Measured, CocoEvaluator>;
  private readonly tally = new ConfusionTally();
  private images = 0;

  /** @param measured the first one is that of the main figure */
  constructor(
    private readonly options: EvaluatorOptions,
    measured: readonly [Measured, ...Measured[]],
  ) {
    this.evaluators = new Map(measured.map((kind) => [kind, new CocoEvaluator(objectParameters)]));
  }

  add({ detections, image }: AnyDetectionResult, truth: ImageTruth): number {
    const truths = objectsOf(truth);
    const index = this.images++;
    const classes = new Set([...detections, ...truths].map(({ classId }) => classId));
    for (const classId of classes) {
      const found = (detections as readonly Detection[]).filter((one) => one.classId === classId);
      const real = truths.filter((one) => one.classId === classId);
      for (const [kind, evaluator] of this.evaluators) {
        const scored = { scores: found.map(({ score }) => score), areas: found.map((one) => areaOf(kind, one)) };
        evaluator.add(index, classId, scored, real, overlapsOf(kind, found, real, image));
      }
    }
    return this.tally.addObjects(detections, truths);
  }

  async figures(): Promise<EvaluationFigures> {
    for (const evaluator of this.evaluators.values()) await evaluator.accumulate();
    const several = this.evaluators.size > 1;
    const figures: Figure[] = [];
    for (const [kind, evaluator] of this.evaluators) {
      figures.push(...figuresOf(evaluator, several ? `${kind} ` : ''));
    }
    const classes = this.main.classIds.map((classId) => this.classFigures(classId));
    return {
      figures: figures as [Figure, ...Figure[]],
      classColumns,
      classes,
      curves: classes.flatMap(({ classId, label }) => {
        const curve = this.main.fullCurve(classId, { threshold: 0 });
        return curve === undefined ? [] : [{ classId, label, ...curve }];
      }),
      confusions: this.tally.confusions,
    };
  }

  mainFigure(weights: ArrayLike<number>): number | undefined {
    return this.main.averagePrecision({ weights });
  }

  private get main(): CocoEvaluator {
    return [...this.evaluators.values()][0] as CocoEvaluator;
  }

  private classFigures(classId: number): ClassFigures {
    const evaluator = this.main;
    return {
      classId,
      label: this.options.labels[classId] ?? String(classId),
      values: [
        evaluator.averagePrecision({ classId }),
        evaluator.averagePrecision({ classId, threshold: 0 }),
        evaluator.averageRecall({ classId }),
        evaluator.truthsOf(classId),
        evaluator.foundOf(classId),
      ],
    };
  }
}

const classColumns: readonly ClassColumn[] = [
  { name: 'AP', unit: 'share' },
  { name: 'AP50', unit: 'share' },
  { name: 'AR', unit: 'share' },
  { name: 'true', unit: 'count' },
  { name: 'found', unit: 'count' },
];

/** COCO's twelve figures in pycocotools' order. */
function figuresOf(evaluator: CocoEvaluator, prefix: string): Figure[] {
  const figure = (name: string, meaning: string, value: number | undefined): Figure => {
    return { name: `${prefix}${name}`, meaning, value };
  };
  const sizes = ['small', 'medium', 'large'] as const;
  const limits = ['under 32² pixels', '32² to 96² pixels', 'over 96² pixels'];
  const precision = (at: Parameters<CocoEvaluator['averagePrecision']>[0]) => evaluator.averagePrecision(at);
  return [
    figure('AP', 'average precision, mean over overlaps from 0.5 to 0.95', precision({})),
    figure('AP50', 'average precision at an overlap of 0.5', precision({ threshold: 0 })),
    figure('AP75', 'average precision at an overlap of 0.75', precision({ threshold: 5 })),
    ...sizes.map((size, i) => figure(`AP ${size}`, `AP of objects ${limits[i]}`, precision({ area: i + 1 }))),
    ...[1, 10, 100].map((most, i) => {
      return figure(
        `AR${most}`,
        `average recall with ${most} per class and image`,
        evaluator.averageRecall({ most: i }),
      );
    }),
    ...sizes.map((size, i) => {
      return figure(`AR ${size}`, `AR100 of objects ${limits[i]}`, evaluator.averageRecall({ most: 2, area: i + 1 }));
    }),
  ];
}

function areaOf(kind: Measured, detection: Detection): number {
  if (kind === 'mask' && 'mask' in detection) return rleArea(detection.mask);
  const [, , width, height] = cocoBox(detection);
  return width * height;
}

/** `[x, y, width, height]`. */
export function cocoBox({ box: [x1, y1, x2, y2] }: Pick<Detection, 'box'>): CocoBox {
  return [x1, y1, x2 - x1, y2 - y1];
}

function overlapsOf(
  kind: Measured,
  found: readonly Detection[],
  truths: readonly TrueObject[],
  image: { readonly width: number; readonly height: number },
): OverlapsOf {
  const crowds = truths.map(({ crowd }) => crowd);
  return (order) => {
    const chosen = order.map((index) => found[index] as Detection);
    if (kind === 'box') {
      return boxOverlaps(
        chosen.map(cocoBox),
        truths.map(({ box }) => box),
        crowds,
      );
    }
    return maskOverlaps(
      chosen.flatMap((one) => ('mask' in one ? [one.mask] : [])),
      truths.map((truth) => maskOf(truth, image)),
      crowds,
    );
  };
}

function maskOf({ mask }: TrueObject, { width, height }: { readonly width: number; readonly height: number }): RleMask {
  if (mask === undefined) {
    const text = 'Expected masks of the true objects for instance segmentation but the data set has boxes only';
    throw new PaddleLabError('DATASET_INVALID', text);
  }
  return 'counts' in mask ? mask : encodeRle(fillPolygons(mask, width, height));
}
