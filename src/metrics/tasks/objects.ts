import type { ImageTruth, TrueObject } from '../../datasets/truth';
import { PaddleLabError } from '../../errors';
import { invalidArgument } from '../../validate';
import { keypointParameters, objectParameters } from '../coco/parameters';
import { ConfusionCounts, confusionScore, countConfusions } from '../confusions';
import { areaUnder, type Hits } from '../hits';
import { pauses } from '../pause';
import type { EvaluationFigures, EvaluatorOptions, PrecisionRecall, TaskEvaluator } from '../task-evaluator';
import { CocoMeasure } from './coco-measure';
import type { Measure } from './measure';
import { type Scene, type SceneObject, scoreOf } from './scene';
import { boxes, masks, people, quads, type Shape, vocBoxes } from './shapes';
import { VocMeasure } from './voc-measure';

/** The most points of a curve. */
const curvePoints = 500;

interface ResultWithSize {
  readonly image: { readonly width: number; readonly height: number };
}

/** What objects are measured by. */
export type ObjectKind = 'boxes' | 'masks' | 'quads' | 'people';

/**
 * Evaluates results with objects: boxes and masks by COCO's figures (or VOC's AP), rotated boxes by PaddleDetection's
 * `RBoxMetric` (11 points by default) and COCO's figures of the same overlaps, people's joints by COCO's OKS figures.
 */
export function objectEvaluator<R extends ResultWithSize>(
  kind: ObjectKind,
  options: EvaluatorOptions,
  objectsOf: (result: R) => readonly SceneObject[],
): TaskEvaluator<R> {
  return new ObjectEvaluator(kind, measuresOf(kind, options), options, objectsOf);
}

/** What decides which objects are confused. */
const shapes = { boxes, masks: boxes, quads, people } as const satisfies Record<ObjectKind, Shape>;

function measuresOf(kind: ObjectKind, { metric }: EvaluatorOptions): readonly [Measure, ...Measure[]] {
  const rule = metric === 'voc' ? 'integral' : '11point';
  switch (kind) {
    case 'boxes':
      if (metric === 'voc' || metric === 'voc2007') return [new VocMeasure(vocBoxes, rule)];
      return [new CocoMeasure(boxes, objectParameters)];
    case 'masks':
      if (metric === 'voc' || metric === 'voc2007')
        return [new VocMeasure(masks, rule), new VocMeasure(vocBoxes, rule)];
      return [new CocoMeasure(masks, objectParameters, 'mask '), new CocoMeasure(boxes, objectParameters, 'box ')];
    case 'quads': {
      const coco = new CocoMeasure(quads, objectParameters);
      return metric === 'coco' ? [coco] : [new VocMeasure(quads, rule), coco];
    }
    case 'people':
      return [new CocoMeasure(people, keypointParameters)];
  }
}

class ObjectEvaluator<R extends ResultWithSize> implements TaskEvaluator<R> {
  readonly truth = 'objects';
  private readonly confusions = new ConfusionCounts();
  private images = 0;
  private objects = 0;
  private masks = 0;

  constructor(
    private readonly kind: ObjectKind,
    private readonly measures: readonly [Measure, ...Measure[]],
    private readonly options: EvaluatorOptions,
    private readonly objectsOf: (result: R) => readonly SceneObject[],
  ) {}

  /** @returns the F1 score of objects with a score above 0.5, at an overlap of 0.5 */
  add(result: R, truth: ImageTruth): number {
    if (truth.kind !== 'objects') throw invalidArgument('truth.kind', '"objects"', truth.kind);
    const scene: Scene = {
      ...{ image: this.images++, size: result.image },
      ...{ found: this.objectsOf(result), truths: this.kind === 'people' ? truth.objects : truth.objects.map(counted) },
    };
    this.objects += scene.truths.length;
    this.masks += scene.truths.filter(({ mask }) => mask !== undefined).length;
    for (const measure of this.measures) measure.add(scene);
    const found = scene.found.filter((one) => scoreOf(one) > confusionScore).sort((a, b) => scoreOf(b) - scoreOf(a));
    return countConfusions(this.confusions, found, scene.truths, shapes[this.kind].overlaps({ ...scene, found }));
  }

  async figures(): Promise<EvaluationFigures> {
    if (this.kind === 'masks' && this.masks === 0 && this.objects > 0) throw noMasks();
    const pause = pauses();
    for (const measure of this.measures) await measure.prepare(pause);
    const [main, ...others] = this.measures;
    const curves: PrecisionRecall[] = [];
    for (const classId of main.classIds) {
      const hits = main.hits(classId);
      if (hits !== undefined) {
        curves.push({ classId, label: this.label(classId), ...thinned(hits), averagePrecision: areaUnder(hits) });
      }
      await pause();
    }
    return {
      figures: [...main.figures(), ...others.flatMap((measure) => measure.figures())],
      classColumns: main.classColumns,
      classes: main.classIds.map((classId) => ({
        ...{ classId, label: this.label(classId) },
        values: main.classValues(classId),
      })),
      curves,
      confusions: this.confusions.all,
    };
  }

  mainFigure(weights: ArrayLike<number>): number | undefined {
    return this.measures[0].main(weights);
  }

  private label(classId: number): string {
    return this.options.labels[classId] ?? String(classId);
  }
}

/** People without joints count for boxes and masks, as in pycocotools; there only crowds are ignored. */
function counted(object: TrueObject): TrueObject {
  return object.ignored && !object.crowd && object.keypoints !== undefined ? { ...object, ignored: false } : object;
}

function noMasks(): PaddleLabError {
  return new PaddleLabError(
    'DATASET_INVALID',
    'Expected masks of the true objects for instance segmentation but the data set has only boxes',
  );
}

/** The last point, and others evenly in between. */
function thinned({ recalls, precisions, scores }: Hits): Pick<PrecisionRecall, 'recall' | 'precision' | 'scores'> {
  const step = Math.max(1, recalls.length / curvePoints);
  const points = Array.from({ length: Math.min(curvePoints, recalls.length) }, (_, i) =>
    Math.min(recalls.length - 1, Math.ceil((i + 1) * step) - 1),
  );
  const pick = (values: Float64Array): number[] => points.map((point) => values[point] as number);
  return { recall: pick(recalls), precision: pick(precisions), scores: pick(scores) };
}
