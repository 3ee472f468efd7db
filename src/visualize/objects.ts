import type { Box } from '../results';
import type { SceneObject } from './annotators/annotator';
import type { DrawableResult } from './annotators/annotators';

/**
 * What there is to draw of a result, best score first; with a threshold, only what has a score above it, or none at all.
 *
 * @param name the name of a class as pictures write it
 */
export function objectsOf(
  result: DrawableResult,
  name: (classId: number) => string,
  threshold: number | undefined,
): SceneObject[] {
  const objects = allObjects(result, name);
  if (threshold === undefined) return objects;
  return objects.filter(({ score }) => score === undefined || score > threshold);
}

function allObjects(result: DrawableResult, name: (classId: number) => string): SceneObject[] {
  switch (result.kind) {
    case 'detection':
    case 'rotated-detection':
    case 'instance-segmentation':
      return result.detections.map((item) => ({ ...item, label: nameOf(item, result, name) }));
    case 'keypoints':
      return result.people.map(({ score, box, keypoints }) => ({ classId: 0, label: 'person', score, box, keypoints }));
    case 'semantic-segmentation': {
      const box: Box = [0, 0, result.image.width, result.image.height];
      return result.segments.map(({ classId, mask }) => ({ classId, label: name(classId), box, mask }));
    }
    case 'classification':
      return [];
  }
}

/** An object keeps the label that it came with, unless its class was given another name. */
function nameOf(
  { classId, label }: { readonly classId: number; readonly label: string },
  { labels }: DrawableResult,
  name: (classId: number) => string,
): string {
  const wanted = name(classId);
  return wanted === (labels[classId] ?? String(classId)) ? label : wanted;
}
