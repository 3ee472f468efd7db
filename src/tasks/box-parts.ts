import { matchObjects } from '../agreement/match-objects';
import { compareObjects } from '../agreement/objects';
import type { ResultTable } from '../display/result-table';
import type { SceneObject } from '../drawing/annotators/annotator';
import { rleArea } from '../image/rle';
import type { CocoNumbers, CocoObject } from '../metrics/coco/records';
import type { AnyDetectionResult, Detection } from '../results';
import type { Confusion, EvaluationOptions, TaskParts } from '../spec/task-parts';
import { fixed } from '../text/python-format';
import type { ScriptContext } from './task-definition';

/** The parts shared by all tasks whose results have `detections`, objects with boxes. */
export const boxParts: Required<Omit<TaskParts<AnyDetectionResult>, 'annotators' | 'evaluator'>> = {
  nouns: ['detection', 'detections'],
  found: ({ detections }) => detections,
  objects: (result, name) => result.detections.map((item) => ({ ...item, label: shownLabel(item, result, name) })),
  table: ({ detections }) => boxTable(detections),
  csv: (result) => boxCsv(result),
  coco: ({ detections }, numbers) => detections.map((detection) => boxRecord(detection, numbers)),
  compare: (baseline, { detections }) => compareObjects(baseline.detections, detections),
  confusions: (result, truth, options) => confusionsOfBoxes(result.detections, truth.detections, options),
};

export const csvColumns: readonly string[] = ['class_id', 'label', 'score', 'x1', 'y1', 'x2', 'y2'];

/** Results of a tracker have the number of each object as the last column, also in frames without any. */
export function boxCsv<D extends Detection>(
  { tracker, detections }: { readonly tracker?: string; readonly detections: readonly D[] },
  moreColumns: readonly string[] = [],
  moreCells: (detection: D) => readonly number[] = () => [],
): { columns: readonly string[]; rows: (string | number)[][] } {
  const tracked = tracker !== undefined;
  return {
    columns: [...csvColumns, ...moreColumns, ...(tracked ? ['track_id'] : [])],
    rows: detections.map((detection) => {
      const { classId, label, score, box, trackId } = detection;
      return [classId, label, score, ...box, ...moreCells(detection), ...(tracked ? [trackId ?? ''] : [])];
    }),
  };
}

/** An object keeps its own label, unless its class was renamed. */
export function shownLabel(
  { classId, label }: { readonly classId: number; readonly label: string },
  { labels }: { readonly labels: readonly string[] },
  name: (classId: number) => string,
): string {
  const wanted = name(classId);
  return wanted === labelsOf({ labels })(classId) ? label : wanted;
}

/** The names of classes as the model's labels have them; numbers without labels. */
export function labelsOf({ labels }: { readonly labels: readonly string[] }): (classId: number) => string {
  return (classId) => labels[classId] ?? String(classId);
}

/** Boxes are x1, y1, x2, y2 and areas are pixels, in the original, EXIF-upright image. */
export function boxTable(objects: readonly SceneObject[]): ResultTable {
  const masks = objects.some(({ mask }) => mask !== undefined);
  const tracked = objects.some(({ trackId }) => trackId !== undefined);
  const numbers = [...(tracked ? ['track'] : []), 'score', 'x1', 'y1', 'x2', 'y2', ...(masks ? ['mask px'] : [])];
  return {
    columns: [
      { title: '', align: 'right' },
      { title: 'class', align: 'left' },
      ...numbers.map((title) => ({ title, align: 'right' as const })),
    ],
    rows: objects.map(({ label, score, box, mask, trackId }, index) => [
      String(index),
      label,
      ...(tracked ? [trackId === undefined ? '' : `#${trackId}`] : []),
      score?.toFixed(2) ?? '',
      ...box.map((value) => value.toFixed(1)),
      ...(mask === undefined ? [] : [String(rleArea(mask))]),
    ]),
    classIds: objects.map(({ classId }) => classId),
  };
}

/** With the mask or the corners, if there are any. */
export function boxRecord(
  { classId, score, box, mask, corners }: SceneObject,
  { imageId, categoryId }: CocoNumbers,
): CocoObject {
  const [x1, y1, x2, y2] = box;
  const base = { image_id: imageId, category_id: categoryId(classId) };
  const record = { ...base, bbox: [x1, y1, x2 - x1, y2 - y1], score: score ?? 1 };
  if (mask !== undefined) return { ...record, segmentation: mask, area: rleArea(mask) };
  if (corners === undefined) return record;
  return { ...record, segmentation: [corners], area: polygonArea(corners) };
}

/** Gauss's formula; the corners may be in either direction. */
function polygonArea(corners: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < corners.length; i += 2) {
    const [x1 = 0, y1 = 0] = [corners[i], corners[i + 1]];
    const [x2 = 0, y2 = 0] = [corners[(i + 2) % corners.length], corners[(i + 3) % corners.length]];
    sum += x1 * y2 - x2 * y1;
  }
  return Math.abs(sum) / 2;
}

/** Matched only by position: a box with the wrong class is one confusion, not two errors. */
export function confusionsOfBoxes(
  objects: readonly SceneObject[],
  truth: readonly SceneObject[],
  { threshold, iou }: EvaluationOptions,
): Confusion[] {
  const place = (item: SceneObject) => ({ item, box: item.box, classId: 0 });
  const found = objects.filter(({ score }) => score === undefined || score > threshold);
  const { pairs, onlyFirst, onlySecond } = matchObjects(truth.map(place), found.map(place), iou);
  return [
    ...pairs.map(([real, predicted]): Confusion => [real.item.classId, predicted.item.classId, 1]),
    ...onlyFirst.map(({ item }): Confusion => [item.classId, undefined, 1]),
    ...onlySecond.map(({ item }): Confusion => [undefined, item.classId, 1]),
  ];
}

/** The line that PaddleDetection's scripts print for a box. */
export function scriptLine(
  { classId, score, box: [x1, y1, x2, y2] }: Detection,
  { conventions }: ScriptContext,
): string {
  const [before, between] = conventions.printedSeparators;
  const corners = [`[${fixed(x1, 2)},${fixed(y1, 2)}]`, `[${fixed(x2, 2)},${fixed(y2, 2)}]`];
  return (
    `class_id:${classId}, confidence:${fixed(score, 4)}${before}left_top:${corners[0]}` +
    `${between}right_bottom:${corners[1]}`
  );
}
