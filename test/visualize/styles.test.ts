import path from 'node:path';
import { crc32, inflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage, type RgbImage } from '../../src/image/image';
import { encodeLabelMap } from '../../src/image/label-map';
import { encodeRle } from '../../src/image/rle';
import type {
  DetectionResult,
  InstanceSegmentationResult,
  RleMask,
  SemanticSegmentationResult,
} from '../../src/results';
import { paddleSegPalette } from '../../src/visualize/styles/paddleseg';
import { visualize } from '../../src/visualize/visualize';
import { type NpyArray, readNpz } from '../helpers/npz';
import { readPixels, structuralSimilarity } from '../helpers/pictures';
import { sharedPath } from '../helpers/project';
import { people } from './scene';

const golden = sharedPath('golden');
const labels = ['circle', 'square', 'triangle', 'star', 'heart'];
const timings = { decodeMs: 0, preprocessMs: 0, inferenceMs: 0, postprocessMs: 0 };
/** The script draws `b` without its EXIF orientation, so its boxes are in other positions; it is excluded. */
const images = [
  'a_rgb_402x270.png',
  'c_gray_320x256.png',
  'd_rgba_300x300.png',
  'e_rgb16_288x224.png',
  'f_rgb_640x480.jpg',
];

/** The rows of the network above the script's threshold of 0.4. */
async function readResult(model: string, image: string, size: { width: number; height: number }) {
  const tensors = await readNpz(path.join(golden ?? '', model, `${path.parse(image).name}.npz`));
  const rows = tensors.get('out0')?.data ?? [];
  const masks = tensors.get('out2');
  const found = Array.from({ length: rows.length / 6 }, (_, index) => {
    const [classId = 0, score = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0] = Array.from(
      rows.slice(index * 6, index * 6 + 6),
      Number,
    );
    const object = { classId, label: labels[classId] ?? '', score, box: [x1, y1, x2, y2] as const };
    return masks === undefined ? object : { ...object, mask: maskOf(masks, index, size) };
  }).filter(({ score, classId }) => score > 0.4 && classId > -1);
  const kind = masks === undefined ? 'detection' : 'instance-segmentation';
  const result = { kind, image: size, threshold: 0.4, labels, timings, detections: found };
  return result as DetectionResult | InstanceSegmentationResult;
}

/** One of the masks `[N, height, width]`, cut or padded to the image. */
function maskOf(masks: NpyArray, index: number, { width, height }: { width: number; height: number }): RleMask {
  const [, rows = 0, columns = 0] = masks.shape;
  const data = new Uint8Array(width * height);
  for (let y = 0; y < Math.min(rows, height); y++) {
    const start = (index * rows + y) * columns;
    data.set(Uint8Array.from(masks.data.slice(start, start + Math.min(columns, width)) as Int32Array), y * width);
  }
  return encodeRle({ width, height, data });
}

describe.skipIf(golden === undefined)('style paddledetection draws the same picture as the script', () => {
  for (const model of ['shapes_det_picodet', 'shapes_ins_maskrcnn']) {
    for (const image of images) {
      it(`${model}: ${image}`, async () => {
        const pixels = await decodeImage(path.join(golden ?? '', 'images', image));
        const result = await readResult(model, image, { width: pixels.width, height: pixels.height });
        expect(result.detections.length).toBeGreaterThan(0);
        const picture = await visualize(pixels, result, { style: 'paddledetection' });
        const expected = await readPixels(path.join(golden ?? '', model, image));
        if (Math.min(pixels.width, pixels.height) < 320) copyLines(picture, expected, result);
        // The script saves JPEG with Pillow's settings, which halve the resolution of colour.
        const jpeg = await picture.toSharp().jpeg({ quality: 95, chromaSubsampling: '4:2:0' }).toBuffer();
        const same = image.endsWith('.jpg') ? await decodeImage(jpeg) : picture;
        expect(structuralSimilarity(same, expected).mean).toBeGreaterThanOrEqual(0.98);
        // Where two letters touch, Pillow adds their coverage, while we draw one over the other.
        if (image.endsWith('.png')) expect(differing(picture, expected)).toBeLessThan(10);
      });
    }
  }
});

function differing(a: RgbImage, b: RgbImage): number {
  let count = 0;
  for (let index = 0; index < a.data.length; index += 3) {
    if ([0, 1, 2].some((channel) => a.data[index + channel] !== b.data[index + channel])) count++;
  }
  return count;
}

/**
 * In an image of less than 320 pixels the script uses lines of width 0: older Pillow draws one pixel, and so do we; the
 * Pillow of the golden pictures draws none. Lines that are not covered by a label are copied, the rest is compared.
 */
function copyLines(from: RgbImage, to: RgbImage, { detections }: DetectionResult | InstanceSegmentationResult): void {
  const edges = detections.map(({ box }) => box.map(Math.trunc) as [number, number, number, number]);
  for (let pixel = 0; pixel < from.width * from.height; pixel++) {
    const [x, y] = [pixel % from.width, Math.floor(pixel / from.width)];
    const onLine = edges.some(([x1, y1, x2, y2]) => {
      const inside = x >= x1 && x <= x2 && y >= y1 && y <= y2;
      return inside && (x === x1 || x === x2 || y === y1 || y === y2);
    });
    if (onLine) to.data.set(from.data.subarray(pixel * 3, pixel * 3 + 3), pixel * 3);
  }
}

describe.skipIf(golden === undefined)('style paddleseg is the same palette image as the script’s', () => {
  for (const image of ['a_rgb_402x270', 'd_rgba_300x300', 'f_rgb_640x480']) {
    it(image, async () => {
      const folder = path.join(golden ?? '', 'shapes_seg_ppliteseg');
      const tensors = await readNpz(path.join(folder, `${image}.npz`));
      const map = { width: 256, height: 256, data: tensors.get('out0')?.data as Int32Array };
      const segments = encodeLabelMap(map).map((segment) => ({ ...segment, label: '', fraction: 0 }));
      const size = { width: 256, height: 256 };
      const result: SemanticSegmentationResult = {
        ...{ kind: 'semantic-segmentation', image: size, threshold: 0, labels, timings, segments },
      };
      const picture = await visualize({ ...size, data: new Uint8Array(256 * 256 * 3) }, result, { style: 'paddleseg' });
      const bytes = await picture.toBuffer('png');
      expect((await sharp(bytes).metadata()).isPalette).toBe(true);
      const expected = await readPixels(path.join(folder, `${image}.png`));
      expect(Buffer.compare(picture.data, expected.data)).toBe(0);
      expect(Buffer.compare((await sharp(bytes).removeAlpha().raw().toBuffer()) as Buffer, expected.data)).toBe(0);
      expect(Buffer.compare(indicesOf(bytes), Buffer.from(map.data))).toBe(0);
    });
  }
});

/** The palette indexes of a PNG's pixels, which sharp only returns as colours. */
function indicesOf(png: Buffer): Buffer {
  let at = 8;
  while (png.toString('latin1', at + 4, at + 8) !== 'IDAT') at += png.readUInt32BE(at) + 12;
  const rows = inflateSync(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  return Buffer.concat(Array.from({ length: 256 }, (_, y) => rows.subarray(y * 257 + 1, (y + 1) * 257)));
}

describe('styles', () => {
  it('has exactly PaddleSeg’s palette', async () => {
    expect(crc32(paddleSegPalette()).toString(16)).toBe('b99a2b2d');
  });

  it('draws joints and limbs in the script’s colours', async () => {
    const image = { width: 320, height: 240, data: new Uint8Array(320 * 240 * 3).fill(255) };
    const { data } = await visualize(image, people, { style: 'paddledetection' });
    const at = (x: number, y: number) => Array.from(data.subarray((y * 320 + x) * 3, (y * 320 + x) * 3 + 3));
    // Joint 9, a wrist, is (0, 255, 255) on BGR; half of it is covered by the elbow's limb.
    expect(at(153, 17)).toEqual([255, 255, 0]);
    expect(at(10, 10)).toEqual([255, 255, 255]);
  });
});
