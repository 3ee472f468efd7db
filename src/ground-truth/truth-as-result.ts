import type { ImageSize } from '../datasets/dataset';
import type { ImageTruth, LabelPixels, TrueObject } from '../datasets/truth';
import { encodeLabelMap } from '../image/label-map';
import type { Box, Keypoint, PredictResult, Segment, Task } from '../results';
import { trueMask } from './true-mask';
import { truthBase } from './truth';

export interface TruthResultOptions {
  /** Of the image in pixels. */
  readonly size: ImageSize;
  /** Names of the classes. */
  readonly labels: readonly string[];
  /** The kind of result beside which it is drawn: which of boxes, masks, corners and joints are taken. */
  readonly task?: Task;
}

/** Pixels that are not evaluated. */
const ignored = 255;

/** Truth as a result with all scores 1, to draw it like a prediction. */
export function truthAsResult(truth: ImageTruth, { size, labels, task }: TruthResultOptions): PredictResult {
  const base = { ...truthBase, image: { width: size.width, height: size.height }, labels };
  const named = (classId: number) => ({ classId, label: labels[classId] ?? String(classId) });
  switch (truth.kind) {
    case 'classes':
      return { ...base, kind: 'classification', classes: truth.classIds.map((id) => ({ ...named(id), score: 1 })) };
    case 'pixels':
      return { ...base, kind: 'semantic-segmentation', segments: segmentsOf(truth.pixels, labels) };
    case 'objects':
      if (task === 'keypoints') return { ...base, kind: 'keypoints', people: truth.objects.flatMap(personOf) };
      return objectsResult(truth.objects, base, task);
  }
}

type Base = typeof truthBase & Pick<PredictResult, 'image' | 'labels'>;

function objectsResult(objects: readonly TrueObject[], base: Base, task: Task | undefined): PredictResult {
  const { image, labels } = base;
  const plain = ({ classId, box: [x, y, width, height] }: TrueObject) => {
    const box: Box = [x, y, x + width, y + height];
    return { classId, label: labels[classId] ?? String(classId), score: 1, box };
  };
  const masked = objects.length > 0 && objects.every(({ mask }) => mask !== undefined);
  if (task === 'instance-segmentation' && masked) {
    const detections = objects.map((object) => ({ ...plain(object), mask: trueMask(object.mask ?? [], image) }));
    return { ...base, kind: 'instance-segmentation', detections };
  }
  if (task === 'rotated-detection' && objects.every(({ corners }) => corners !== undefined)) {
    const detections = objects.map((object) => ({ ...plain(object), corners: object.corners ?? [] }));
    return { ...base, kind: 'rotated-detection', detections };
  }
  return { ...base, kind: 'detection', detections: objects.map(plain) };
}

function personOf({ keypoints = [], box: [x, y, width, height] }: TrueObject) {
  if (keypoints.length === 0) return [];
  const joints = Array.from({ length: keypoints.length / 3 }, (_, i): Keypoint => {
    const [jointX = 0, jointY = 0, visibility = 0] = keypoints.slice(3 * i, 3 * i + 3);
    return { x: jointX, y: jointY, score: visibility > 0 ? 1 : 0 };
  });
  const box: Box = [x, y, x + width, y + height];
  return [{ score: 1, keypoints: joints, box }];
}

/** A segment per class, largest first. */
export function segmentsOf(pixels: LabelPixels, labels: readonly string[]): Segment[] {
  return encodeLabelMap(pixels)
    .filter(({ classId }) => classId !== ignored)
    .map(({ classId, area, mask }) => {
      const fraction = area / pixels.data.length;
      return { classId, label: labels[classId] ?? String(classId), area, fraction, mask };
    })
    .sort((a, b) => b.area - a.area);
}
