import type { TrueObject } from '../../src/datasets/truth';
import type { CocoFound } from '../../src/metrics/coco/evaluate-records';
import { type ObjectKind, objectEvaluator } from '../../src/metrics/tasks/objects';
import type { SceneObject } from '../../src/metrics/tasks/scene';
import type { CocoSet } from './coco-sets';

const kinds = { bbox: 'boxes', segm: 'masks', keypoints: 'people' } as const satisfies Record<
  CocoSet['kind'],
  ObjectKind
>;

/** COCO's figures of a set through the evaluator of its task, in pycocotools' order; −1 where there is none. */
export async function figuresOfSet({ kind, truth, results }: CocoSet): Promise<number[]> {
  const evaluator = objectEvaluator(
    kinds[kind],
    { labels: [] },
    ({ objects }: { image: { width: number; height: number }; objects: readonly SceneObject[] }) => objects,
  );
  for (const { id } of truth.images) {
    const objects = truth.annotations.filter(({ image_id }) => image_id === id).map(trueObject);
    const found = results.filter(({ image_id }) => image_id === id).map(foundObject);
    evaluator.add({ image: { width: 64, height: 48 }, objects: found }, { kind: 'objects', objects });
  }
  const { figures } = await evaluator.figures();
  return figures.slice(0, kind === 'keypoints' ? undefined : 12).map(({ value }) => value ?? -1);
}

function trueObject(annotation: CocoSet['truth']['annotations'][number]): TrueObject {
  const { category_id, bbox, area, iscrowd, segmentation, keypoints, num_keypoints } = annotation;
  const crowd = iscrowd === 1;
  return {
    ...{ classId: category_id, box: bbox, area, crowd, ignored: crowd || num_keypoints === 0 },
    ...(segmentation && { mask: segmentation }),
    ...(keypoints && { keypoints }),
  };
}

function foundObject(record: CocoFound): SceneObject {
  const base = { classId: record.category_id, score: record.score };
  if ('keypoints' in record) {
    const joints = Array.from({ length: record.keypoints.length / 3 }, (_, i) => ({
      ...{ x: record.keypoints[i * 3]!, y: record.keypoints[i * 3 + 1]! },
    }));
    return { ...base, box: [0, 0, 0, 0], keypoints: joints };
  }
  const [x = 0, y = 0, width = 0, height = 0] = record.bbox;
  const mask = record.segmentation;
  return { ...base, box: [x, y, x + width, y + height], ...(mask && 'counts' in mask && { mask }) };
}
