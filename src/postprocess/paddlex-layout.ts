import type { Box } from '../results';
import type { LayoutMergeMode, PaddlexSettings } from '../spec/output-settings';
import type { PostprocessContext } from '../spec/spec';
import type { BoxRow } from './boxes';

/** Boxes with at least this overlap are the same object: within a class, and between classes. */
const nmsLimits = { same: 0.6, different: 0.98 };
/** A box counts as contained in another one from this fraction of its area. */
const containedPart = 0.9;

/**
 * PaddleX 3's processing of a detector's boxes after the threshold, in its order: suppression, removal of boxes that
 * cover the whole picture, merging of contained boxes, reading order, enlarging, and clipping to the image, after which
 * empty boxes are removed.
 */
export function arrangeLayout(rows: readonly BoxRow[], context: PostprocessContext): BoxRow[] {
  const { spec, image } = context;
  const settings: Partial<PaddlexSettings> = spec.outputs.paddlex ?? {};
  const distinct = settings.layoutNms ? suppress(rows) : [...rows];
  const partial = dropWholePictures(distinct, spec.labels.indexOf('image'), image);
  const merged = mergeContained(partial, settings.merge, spec.labels.indexOf('formula'));
  return clipBoxes(unclip(inReadingOrder(merged), settings.unclip), image);
}

/** Clips boxes to the image, and removes empty ones. */
export function clipBoxes(rows: readonly BoxRow[], image: PostprocessContext['image']): BoxRow[] {
  const clipped = rows.map((row) => withBox(row, clip(row.detection.box, image)));
  return clipped.filter(({ detection: { box } }) => box[2] > box[0] && box[3] > box[1]);
}

function clip([x1, y1, x2, y2]: Box, { width, height }: PostprocessContext['image']): Box {
  return [Math.max(0, x1), Math.max(0, y1), Math.min(width, x2), Math.min(height, y2)];
}

function withBox(row: BoxRow, box: Box): BoxRow {
  return { ...row, detection: { ...row.detection, box } };
}

/** Rows are sorted by falling score. */
function suppress(rows: readonly BoxRow[]): BoxRow[] {
  const kept: BoxRow[] = [];
  for (const row of rows) {
    const { classId, box } = row.detection;
    const isNew = kept.every(({ detection: other }) => {
      return pixelIou(other.box, box) < (other.classId === classId ? nmsLimits.same : nmsLimits.different);
    });
    if (isNew) kept.push(row);
  }
  return kept;
}

/** Intersection over union of boxes that include their last pixel. */
function pixelIou(a: Box, b: Box): number {
  const extent = (from: number, to: number): number => Math.max(0, to - from + 1);
  const areaOf = ([x1, y1, x2, y2]: Box): number => (x2 - x1 + 1) * (y2 - y1 + 1);
  const both = extent(Math.max(a[0], b[0]), Math.min(a[2], b[2])) * extent(Math.max(a[1], b[1]), Math.min(a[3], b[3]));
  return both / (areaOf(a) + areaOf(b) - both);
}

/** An "image" that covers nearly everything is the page itself, unless it is the only box. */
function dropWholePictures(rows: BoxRow[], imageClass: number, image: PostprocessContext['image']): BoxRow[] {
  if (rows.length < 2 || imageClass < 0) return rows;
  const largest = (image.width > image.height ? 0.82 : 0.93) * image.width * image.height;
  const kept = rows.filter(({ detection: { classId, box } }) => {
    const [x1, y1, x2, y2] = clip(box, image);
    return classId !== imageClass || (x2 - x1) * (y2 - y1) <= largest;
  });
  return kept.length === 0 ? rows : kept;
}

/** `large` removes boxes inside others, `small` those that contain others, by class if configured. */
function mergeContained(rows: BoxRow[], merge: PaddlexSettings['merge'], formula: number): BoxRow[] {
  if (merge === undefined) return rows;
  const rules: readonly (readonly [LayoutMergeMode, number | undefined])[] =
    typeof merge === 'string'
      ? [[merge, undefined]]
      : Object.entries(merge).map(([classId, mode]) => [mode, Number(classId)] as const);
  const keeps = rules.map(([mode, classId]) => survivors(rows, mode, classId, formula));
  return rows.filter((_, i) => keeps.every((keep) => keep[i]));
}

function survivors(
  rows: readonly BoxRow[],
  mode: LayoutMergeMode,
  classId: number | undefined,
  formula: number,
): boolean[] {
  if (mode === 'union') return rows.map(() => true);
  const inOther = rows.map(() => false);
  const hasOther = rows.map(() => false);
  rows.forEach(({ detection: inner }, i) => {
    rows.forEach(({ detection: outer }, j) => {
      if (i === j || (inner.classId === formula && outer.classId !== formula)) return;
      const decisive = mode === 'large' ? outer.classId : inner.classId;
      if ((classId !== undefined && decisive !== classId) || !isContained(inner.box, outer.box)) return;
      inOther[i] = true;
      hasOther[j] = true;
    });
  });
  return rows.map((_, i) => (mode === 'large' ? !inOther[i] : !hasOther[i] || (inOther[i] as boolean)));
}

function isContained(inner: Box, outer: Box): boolean {
  const area = (inner[2] - inner[0]) * (inner[3] - inner[1]);
  const width = Math.max(0, Math.min(inner[2], outer[2]) - Math.max(inner[0], outer[0]));
  const height = Math.max(0, Math.min(inner[3], outer[3]) - Math.max(inner[1], outer[1]));
  return area > 0 && (width * height) / area >= containedPart;
}

/** Models with a reading order have it in columns after the box: ascending, then descending. */
function inReadingOrder(rows: BoxRow[]): BoxRow[] {
  if (rows[0]?.order === undefined) return rows;
  const at = (row: BoxRow, i: number): number => row.order?.[i] ?? 0;
  return rows.sort((a, b) => at(a, 0) - at(b, 0) || at(b, 1) - at(a, 1));
}

function unclip(rows: readonly BoxRow[], ratios: PaddlexSettings['unclip']): BoxRow[] {
  return rows.map((row) => {
    const { classId, box } = row.detection;
    const ratio = Array.isArray(ratios) ? ratios : (ratios as Readonly<Record<number, readonly number[]>>)?.[classId];
    if (ratio === undefined) return row;
    const [x1, y1, x2, y2] = box;
    const [centreX, centreY] = [x1 + (x2 - x1) / 2, y1 + (y2 - y1) / 2];
    const [halfWidth, halfHeight] = [((x2 - x1) * ratio[0]) / 2, ((y2 - y1) * ratio[1]) / 2];
    return withBox(row, [centreX - halfWidth, centreY - halfHeight, centreX + halfWidth, centreY + halfHeight]);
  });
}
