import type { RgbImage } from '../../src/image/image';
import { encodeLabelMap } from '../../src/image/label-map';
import { encodeRle } from '../../src/image/rle';
import type {
  Box,
  ClassificationResult,
  Detection,
  DetectionResult,
  InstanceSegmentationResult,
  KeypointsResult,
  RleMask,
  SemanticSegmentationResult,
} from '../../src/results';

export const labels = ['circle', 'square', 'triangle', 'star', 'heart', 'traffic light', '汽车', 'Füßgänger'] as const;

const timings = { decodeMs: 1, preprocessMs: 2.1, inferenceMs: 18, postprocessMs: 2 };

/**
 * A mosaic of light, dark and coloured tiles, so that lines and text are visible on all of them; it compresses well.
 */
export function paintImage(width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, index = 0; y < height; y++) {
    for (let x = 0; x < width; x++, index += 3) {
      const [column, row] = [Math.floor(x / 16), Math.floor(y / 16)];
      const across = (16 * column) / width;
      const wave = 12 * (((column * 7 + row * 3) % 5) - 2);
      data[index] = 40 + Math.round(170 * across) + wave;
      data[index + 1] = 60 + Math.round((120 * 16 * row) / height) + wave;
      data[index + 2] = 150 - Math.round(90 * across) + wave;
    }
  }
  return { width, height, data };
}

export function detection(classId: number, score: number, box: Box): Detection {
  return { classId, label: labels[classId] ?? '', score, box };
}

export function detectionResult(width: number, height: number, detections: readonly Detection[]): DetectionResult {
  return { kind: 'detection', image: { width, height }, threshold: 0.5, labels, timings, detections };
}

/** The ellipse that fills a box, as a mask over the image. */
export function ellipse(width: number, height: number, [x1, y1, x2, y2]: Box): RleMask {
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const dx = (2 * x + 1 - x1 - x2) / (x2 - x1);
      const dy = (2 * y + 1 - y1 - y2) / (y2 - y1);
      if (dx * dx + dy * dy <= 1) data[y * width + x] = 1;
    }
  }
  return encodeRle({ width, height, data });
}

export function instanceResult(
  width: number,
  height: number,
  detections: readonly Detection[],
): InstanceSegmentationResult {
  const masked = detections.map((item) => ({ ...item, mask: ellipse(width, height, item.box) }));
  return { ...detectionResult(width, height, []), kind: 'instance-segmentation', detections: masked };
}

/** Separate, nested, overlapping objects, and some cut off by the border. */
export const someDetections: readonly Detection[] = [
  detection(0, 0.98, [30.4, 60.2, 120.7, 150.9]),
  detection(4, 0.93, [90, 110, 190, 200]),
  detection(2, 0.87, [230, -10, 330, 70]),
  detection(3, 0.81, [245, 150, 275, 178]),
  detection(1, 0.66, [130, 20, 180, 64]),
  detection(0, 0.52, [-8, 190, 60, 245]),
];

const base = { image: { width: 320, height: 240 }, threshold: 0, labels, timings };

/** Two people as COCO's joints: one with both arms up, one with hidden legs. */
export const people: KeypointsResult = {
  ...base,
  kind: 'keypoints',
  people: [person(100, 40, 1, 0.95), person(220, 70, 0.8, 0.2)],
};

function person(x: number, y: number, scale: number, legs: number): KeypointsResult['people'][number] {
  const places: [number, number][] = [
    ...[[0, 0] as const, [6, -6] as const, [-6, -6] as const, [12, -3] as const, [-12, -3] as const],
    ...[[24, 25] as const, [-24, 25] as const, [44, 5] as const, [-40, 48] as const, [52, -22] as const],
    ...[[-52, 24] as const, [16, 80] as const, [-16, 80] as const, [22, 118] as const, [-20, 120] as const],
    ...[[26, 156] as const, [-22, 160] as const],
  ].map(([dx, dy]) => [x + dx * scale, y + dy * scale]);
  const keypoints = places.map(([px, py], index) => ({ x: px, y: py, score: index > 12 ? legs : 0.9 }));
  return { score: 0.9, keypoints, box: [x - 60 * scale, y - 30 * scale, x + 60 * scale, y + 165 * scale] };
}

export const classes: ClassificationResult = {
  ...base,
  kind: 'classification',
  classes: [0.82, 0.1, 0.05, 0.02, 0.01].map((score, index) => {
    const classId = [3, 5, 6, 0, 1][index] ?? 0;
    return { classId, label: labels[classId] ?? '', score };
  }),
};

/** Bands and a disc of four classes. */
export const segmentation: SemanticSegmentationResult = {
  ...base,
  kind: 'semantic-segmentation',
  segments: encodeLabelMap({
    width: 320,
    height: 240,
    data: Array.from({ length: 320 * 240 }, (_, index) => {
      const [x, y] = [index % 320, Math.floor(index / 320)];
      if ((x - 200) ** 2 + (y - 110) ** 2 < 3600) return 4;
      return x + y < 150 ? 1 : y > 170 ? 6 : 0;
    }),
  }).map(({ classId, area, mask }) => ({ classId, label: labels[classId] ?? '', area, fraction: area / 76_800, mask })),
};

/** Two hills on a grid of 32×24. */
export function bump(index: number): number {
  const [x, y] = [index % 32, Math.floor(index / 32)];
  return Math.exp(-((x - 10) ** 2 + (y - 9) ** 2) / 20) + 0.7 * Math.exp(-((x - 24) ** 2 + (y - 16) ** 2) / 12);
}
