import { type ImageTruth, outlineOf } from '../../datasets/truth';
import type { TextDetectionResult } from '../../results';
import { invalidArgument } from '../../validate';
import { isSimple, sharedArea } from '../polygon-overlap';
import { quadArea } from '../quad-overlap';
import type { EvaluationFigures, TaskEvaluator } from '../task-evaluator';

/** A region matches a true one if they overlap (IoU) by more than this. */
const leastOverlap = 0.5;

/** A region does not count if more than this part of it lies in a true one that is ignored. */
const ignoredPart = 0.5;

/** What counts in an image. */
interface Counts {
  readonly matched: number;
  readonly found: number;
  readonly truths: number;
}

/**
 * Evaluates regions of text like PaddleOCR's `DetectionIoUEvaluator`: precision, recall and their harmonic mean (hmean)
 * over all images. Polygons whose sides cross are left out.
 */
export class TextRegionEvaluator implements TaskEvaluator<TextDetectionResult> {
  readonly truth = 'objects';
  private readonly images: Counts[] = [];

  /** @returns the hmean of this image */
  add({ regions }: TextDetectionResult, truth: ImageTruth): number {
    if (truth.kind !== 'objects') throw invalidArgument('truth.kind', '"objects"', truth.kind);
    const outlines = truth.objects.map((object) => ({ polygon: outlineOf(object), ignored: object.ignored }));
    const counts = countMatches(
      regions.map(({ polygon }) => polygon.flat()).filter(isSimple),
      outlines.filter(({ polygon }) => isSimple(polygon)),
    );
    this.images.push(counts);
    if (counts.truths === 0) return counts.found === 0 ? 1 : 0;
    return measure(counts).hmean;
  }

  async figures(): Promise<EvaluationFigures> {
    const { hmean, precision, recall } = measure(this.total());
    return {
      figures: [
        { name: 'hmean', meaning: 'harmonic mean of precision and recall at an overlap of 0.5', value: hmean },
        { name: 'precision', meaning: 'share of the regions found that match a true one', value: precision },
        { name: 'recall', meaning: 'share of the true regions that were found', value: recall },
      ],
      classColumns: [],
      classes: [],
    };
  }

  mainFigure(weights: ArrayLike<number>): number | undefined {
    return measure(this.total(weights)).hmean;
  }

  private total(weights?: ArrayLike<number>): Counts {
    const total = { matched: 0, found: 0, truths: 0 };
    for (const [i, image] of this.images.entries()) {
      const weight = weights?.[i] ?? 1;
      total.matched += weight * image.matched;
      total.found += weight * image.found;
      total.truths += weight * image.truths;
    }
    return total;
  }
}

function measure({ matched, found, truths }: Counts): { hmean: number; precision: number; recall: number } {
  const [precision, recall] = [found === 0 ? 0 : matched / found, truths === 0 ? 0 : matched / truths];
  return { precision, recall, hmean: matched === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}

interface TrueRegion {
  readonly polygon: readonly number[];
  readonly ignored: boolean;
}

/** Each true region is matched with the first free one that overlaps enough, in the order of the data set. */
function countMatches(found: readonly (readonly number[])[], truths: readonly TrueRegion[]): Counts {
  const ignored = truths.filter((truth) => truth.ignored);
  const counted = truths.filter((truth) => !truth.ignored);
  const free = new Set(
    found.filter((polygon) => !ignored.some((truth) => coveredPart(polygon, truth.polygon) > ignoredPart)),
  );
  const all = free.size;
  for (const { polygon } of counted) {
    const match = [...free].find((candidate) => overlap(candidate, polygon) > leastOverlap);
    if (match !== undefined) free.delete(match);
  }
  return { matched: all - free.size, found: all, truths: counted.length };
}

function coveredPart(polygon: readonly number[], by: readonly number[]): number {
  return sharedArea(polygon, by) / quadArea(polygon);
}

function overlap(a: readonly number[], b: readonly number[]): number {
  const shared = sharedArea(a, b);
  return shared / (quadArea(a) + quadArea(b) - shared);
}
