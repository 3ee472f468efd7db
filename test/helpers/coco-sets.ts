import { encodeRle, rleArea } from '../../src/image/rle';
import type { CocoAnnotation, CocoFound, CocoKind } from '../../src/metrics/coco/evaluate-records';

/** A generator of numbers from 0 to 1 that gives the same every time. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A data set and results of it, in COCO's formats. */
export interface CocoSet {
  readonly kind: CocoKind;
  readonly truth: {
    readonly images: { readonly id: number }[];
    readonly annotations: (CocoAnnotation & { id: number })[];
  };
  readonly results: CocoFound[];
}

const [width, height] = [64, 48];

/** Boxes, masks or joints: empty images, crowds, other sizes, duplicates, classes without truth or without results. */
export function randomCocoSet(kind: CocoKind, seed: number): CocoSet {
  const random = randomNumbers(seed);
  const whole = (most: number): number => Math.floor(random() * most);
  const images = Array.from({ length: 1 + whole(12) }, (_, i) => ({ id: i * 3 + 1, width, height }));
  const classes = kind === 'keypoints' ? 1 : 1 + whole(4);
  const scale = seed % 3 === 0 ? 8 : 1;
  const truths: CocoSet['truth']['annotations'] = [];
  const results: CocoFound[] = [];
  for (const { id: image_id } of images) {
    for (let n = whole(seed % 5 === 0 ? 40 : 6); n > 0; n--) {
      const box = [whole(40), whole(30), 1 + whole(24), 1 + whole(18)] as const;
      const category_id = 1 + whole(classes);
      const crowd = random() < 0.15;
      const truth = shapeOf(kind, box, scale, random);
      truths.push({ id: truths.length + 1, image_id, category_id, ...truth, iscrowd: crowd ? 1 : 0 });
      for (let copies = whole(4); copies > 0; copies--) {
        // From hardly moved to far away.
        const far = random() < 0.5 ? 1 : 8;
        const moved = box.map((value) => Math.max(1, value + Math.round((random() - 0.5) * far)));
        const { area: _, num_keypoints: __, ...found } = shapeOf(kind, moved as never, scale, random);
        // With boxes, pycocotools takes the areas of these for the areas of joints.
        if (kind === 'keypoints') Reflect.deleteProperty(found, 'bbox');
        const keypoints = truth.keypoints?.map((value) => value + (random() - 0.5) * far);
        results.push({
          ...{ image_id, ...found, ...(keypoints === undefined ? {} : { keypoints }) },
          category_id: random() < 0.1 ? 1 + whole(classes + 1) : category_id,
          // Equal scores are common in exports of low precision.
          score: Math.round(random() * 20) / 20,
        } as never);
      }
    }
  }
  if (seed % 7 === 0) results.length = 0;
  const categories = Array.from({ length: classes + 1 }, (_, i) => ({ id: i + 1, name: `${i}` }));
  return { kind, truth: { images, annotations: truths, categories } as never, results };
}

function shapeOf(kind: CocoKind, box: readonly [number, number, number, number], scale: number, random: () => number) {
  const bbox = box.map((value) => value * scale) as unknown as readonly [number, number, number, number];
  const [x, y, w, h] = box;
  if (kind === 'keypoints') {
    const joints = Array.from({ length: 17 }, () => {
      const visible = random() < 0.2 ? 0 : 2;
      return [visible && bbox[0] + random() * bbox[2], visible && bbox[1] + random() * bbox[3], visible];
    });
    const labelled = random() < 0.1 ? [] : joints;
    const flat = (labelled.length === 0 ? joints.map(() => [0, 0, 0]) : labelled).flat();
    const num_keypoints = flat.filter((value, i) => i % 3 === 2 && value > 0).length;
    return { bbox, keypoints: flat, num_keypoints, area: bbox[2] * bbox[3] * 0.6 };
  }
  if (kind === 'bbox') return { bbox, area: bbox[2] * bbox[3] };
  const data = new Uint8Array(width * height);
  for (let row = y; row < Math.min(height, y + h); row++) {
    for (let column = x; column < Math.min(width, x + w); column++) {
      // A corner is missing, so that the mask is no box.
      if (row - y + column - x > 2) data[row * width + column] = 1;
    }
  }
  const segmentation = encodeRle({ width, height, data });
  return { bbox: box, segmentation, area: rleArea(segmentation) };
}
