import { bitsColumn, type Column, doubleColumn, indexColumn } from '../column';
import type { Hits } from '../hits';
import { byFallingScore } from '../order';
import type { Matches } from './match';
import { recallPoints } from './parameters';

/** Where a curve is read. */
export interface CurveAt {
  /** Index of the range of areas. */
  readonly area: number;
  /** At most so many detections of an image. */
  readonly most: number;
  /** Index of the overlap. */
  readonly threshold: number;
}

/** Precision summed over COCO's 101 recalls, and the recall that all detections together reach. */
export interface CurveSums {
  readonly precision: number;
  readonly recall: number;
}

/** numpy's `spacing(1)`, by which pycocotools keeps a denominator from being 0. */
const spacing = 2 ** -52;

/** What is known of the detections in one range of areas: a bit for each overlap. */
interface AreaColumns {
  readonly matched: Column<Uint16Array>;
  readonly ignored: Column<Uint16Array>;
  /** True objects of each image. */
  readonly truths: Column<Uint32Array>;
}

/** The detections of one class over the images so far: 14 bytes each, and 4 for each range of areas. */
export class ClassTally {
  private readonly scores = doubleColumn();
  /** Place of each among those of its image. */
  private readonly ranks = bitsColumn();
  private readonly images = indexColumn();
  /** The images that were added. */
  private readonly added = indexColumn();
  private readonly areas: readonly AreaColumns[];
  private sorted: Sorted | undefined;

  constructor(areas: number) {
    this.areas = Array.from({ length: areas }, () => {
      return { matched: bitsColumn(), ignored: bitsColumn(), truths: indexColumn() };
    });
  }

  add(image: number, scores: readonly number[], matches: readonly Matches[]): void {
    this.sorted = undefined;
    this.added.push(image);
    for (const [rank, score] of scores.entries()) {
      this.scores.push(score);
      this.ranks.push(rank);
      this.images.push(image);
    }
    for (const [area, { matched, ignored, truths }] of matches.entries()) {
      const columns = this.areas[area] as AreaColumns;
      columns.truths.push(truths);
      for (let i = 0; i < scores.length; i++) {
        columns.matched.push(matched[i] as number);
        columns.ignored.push(ignored[i] as number);
      }
    }
  }

  get found(): number {
    return this.scores.length;
  }

  /** True objects in a range of areas, with each image counted as often as `weights` says. */
  truths(area: number, weights?: ArrayLike<number>): number {
    const { truths } = this.areas[area] as AreaColumns;
    let total = 0;
    for (let i = 0; i < truths.length; i++) {
      total += truths.at(i) * (weights === undefined ? 1 : (weights[this.added.at(i)] as number));
    }
    return total;
  }

  /** As pycocotools' `COCOeval.accumulate`; undefined where there is no true object. */
  sums(at: CurveAt): CurveSums | undefined {
    const truths = this.truths(at.area);
    if (truths === 0) return undefined;
    const { right, counted, count } = this.hits(at);
    const recall = count === 0 ? 0 : (right[count - 1] as number) / truths;
    return { precision: precisionSum(right, counted, count, truths), recall };
  }

  /**
   * Precision summed over COCO's 101 recalls, of all areas and detections, a mean over the overlaps, with each image
   * counted as often as `weights` says; undefined without a true object.
   */
  weightedPrecision(weights: ArrayLike<number>, thresholds: number): number | undefined {
    const truths = this.truths(0, weights);
    if (truths === 0) return undefined;
    const { images, ignored } = this.order(0);
    // How many detections there are up to each one: the same for all overlaps, apart from ignored ones.
    const upTo = new Float64Array(images.length);
    let all = 0;
    for (let i = 0; i < images.length; i++) {
      all += weights[images[i] as number] as number;
      upTo[i] = all;
    }
    let sum = 0;
    for (let threshold = 0; threshold < thresholds; threshold++) {
      const marked = this.marked(threshold);
      const [rightAt, countedAt] = [new Float64Array(marked.length), new Float64Array(marked.length)];
      let [right, left, count] = [0, 0, 0];
      for (let k = 0; k < marked.length; k++) {
        const i = marked[k] as number;
        const weight = weights[images[i] as number] as number;
        if (weight === 0) continue;
        if (((ignored[i] as number) & (1 << threshold)) !== 0) {
          left += weight;
          continue;
        }
        right += weight;
        rightAt[count] = right;
        countedAt[count++] = (upTo[i] as number) - left;
      }
      sum += precisionSum(rightAt, countedAt, count, truths);
    }
    return sum / thresholds;
  }

  /** What is reached with each detection that matched, in order of falling scores; undefined without a true object. */
  curve(at: CurveAt): Hits | undefined {
    const truths = this.truths(at.area);
    if (truths === 0) return undefined;
    const { right, counted, places, count } = this.hits(at);
    const { scores } = this.order(at.area);
    return {
      recalls: Float64Array.from({ length: count }, (_, i) => (right[i] as number) / truths),
      precisions: Float64Array.from({ length: count }, (_, i) => {
        return (right[i] as number) / (counted[i] as number);
      }),
      scores: Float64Array.from({ length: count }, (_, i) => scores[places[i] as number] as number),
    };
  }

  /** Running counts at each detection that matched. */
  private hits({ area, most, threshold }: CurveAt): RunningCounts {
    const { matched, ignored, ranks } = this.order(area);
    const bit = 1 << threshold;
    const [rightAt, countedAt] = [new Float64Array(matched.length), new Float64Array(matched.length)];
    const places = new Uint32Array(matched.length);
    let [counted, count] = [0, 0];
    for (let i = 0; i < matched.length; i++) {
      if (((ignored[i] as number) & bit) !== 0 || (ranks[i] as number) >= most) continue;
      counted++;
      if (((matched[i] as number) & bit) === 0) continue;
      places[count] = i;
      rightAt[count] = count + 1;
      countedAt[count++] = counted;
    }
    return { right: rightAt, counted: countedAt, places, count };
  }

  /** The places, by score, of detections that matched or are ignored at an overlap, of all areas. */
  private marked(threshold: number): Uint32Array {
    const { matched, ignored } = this.order(0);
    const lists = (this.sorted as Sorted).marked;
    const known = lists[threshold];
    if (known !== undefined) return known;
    const bit = 1 << threshold;
    const list = indexColumn();
    for (let i = 0; i < matched.length; i++) {
      if ((((matched[i] as number) | (ignored[i] as number)) & bit) !== 0) list.push(i);
    }
    const found = list.values.slice();
    lists[threshold] = found;
    return found;
  }

  private order(area: number): SortedArea {
    this.sorted ??= this.sort();
    const { order, areas, marked: _, ...shared } = this.sorted;
    const { matched, ignored } = this.areas[area] as AreaColumns;
    let own = areas[area];
    if (own === undefined) {
      own = { matched: matched.take(order), ignored: ignored.take(order) };
      areas[area] = own;
    }
    return { ...shared, ...own };
  }

  private sort(): Sorted {
    const order = byFallingScore(this.scores.values);
    return {
      order,
      scores: this.scores.take(order),
      images: this.images.take(order),
      ranks: this.ranks.take(order),
      areas: [],
      marked: [],
    };
  }
}

/** At each detection that matched: right ones and all that count, with it, and its place by score. */
interface RunningCounts {
  readonly right: Float64Array;
  readonly counted: Float64Array;
  readonly places: Uint32Array;
  readonly count: number;
}

interface SortedArea {
  readonly scores: Float64Array;
  readonly images: Uint32Array;
  readonly ranks: Uint16Array;
  readonly matched: Uint16Array;
  readonly ignored: Uint16Array;
}

/** The columns by falling score. */
interface Sorted extends Pick<SortedArea, 'scores' | 'images' | 'ranks'> {
  readonly order: Uint32Array;
  readonly areas: Pick<SortedArea, 'matched' | 'ignored'>[];
  /** By overlap. */
  readonly marked: Uint32Array[];
}

/**
 * Precision summed over COCO's 101 recalls, at each the greatest one from there on. Precision only rises at right
 * detections, so the others are not needed.
 */
function precisionSum(right: Float64Array, counted: Float64Array, count: number, truths: number): number {
  let [best, place, sum] = [0, recallPoints.length - 1, 0];
  for (let hit = count - 1; hit >= 0; hit--) {
    const found = right[hit] as number;
    best = Math.max(best, found / ((counted[hit] as number) + spacing));
    // Recalls above that of the hit before are reached here.
    const before = hit === 0 ? Number.NEGATIVE_INFINITY : (right[hit - 1] as number) / truths;
    while (place >= 0 && (recallPoints[place] as number) > found / truths) place--;
    while (place >= 0 && (recallPoints[place] as number) > before) {
      sum += best;
      place--;
    }
  }
  return sum;
}
