import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cropQuads, type Quad } from '../../src/image/crop-quads';
import type { RgbImage } from '../../src/image/raw-pixels';
import { smallestQuads } from '../../src/image/smallest-quads';
import { projectRoot, runProcess } from './project';

/** An image and the quadrangles to cut out of it. */
export interface CropJob {
  readonly image: RgbImage;
  readonly quads: readonly Quad[];
}

export interface CropDifferences {
  readonly crops: number;
  readonly pixels: number;
  /** The crops that differ from OpenCV's, with the number of their samples that do. */
  readonly different: readonly string[];
}

/** Cuts the same crops here and with OpenCV; with `smallest`, their smallest rectangles, as PaddleX does. */
export async function compareCrops(
  python: string,
  folder: string,
  jobs: readonly CropJob[],
  smallest: boolean = false,
): Promise<CropDifferences> {
  const names = jobs.map((_, i) => `image-${i}.raw`);
  await Promise.all(jobs.map(({ image }, i) => writeFile(path.join(folder, names[i] as string), image.data)));
  const listed = jobs.map(({ image: { width, height }, quads }, i) => ({
    ...{ image: names[i], width, height, smallest },
    quads,
  }));
  await writeFile(path.join(folder, 'jobs.json'), JSON.stringify(listed));
  const { code, stderr } = await runProcess(python, [path.join(projectRoot, 'test/image/crop_quads.py'), folder]);
  if (code !== 0) throw new Error(stderr);
  const sizes = JSON.parse(await readFile(path.join(folder, 'sizes.json'), 'utf8')) as [number, number][];
  const expected = await readFile(path.join(folder, 'crops.raw'));
  const different: string[] = [];
  let [crops, at] = [0, 0];
  for (const { image, quads } of jobs) {
    for (const [i, crop] of (await cropQuads(image, smallest ? smallestQuads(quads) : quads)).entries()) {
      const [width, height] = sizes[crops++] as [number, number];
      const own = expected.subarray(at, at + width * height * 3);
      at += own.length;
      const count = crop.width === width && crop.height === height ? countDifferent(crop.data, own) : Infinity;
      if (count > 0) {
        const place = `${JSON.stringify(quads[i])} in ${image.width}×${image.height}`;
        different.push(
          `${count} of ${own.length} samples, ${crop.width}×${crop.height} for ${width}×${height}: ${place}`,
        );
      }
    }
  }
  return { crops, pixels: at / 3, different };
}

function countDifferent(a: Uint8Array, b: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) count++;
  return count;
}

/** Quadrangles as detectors find them and stranger ones: turned, in perspective, outside, flat, of broken pixels. */
export function drawCropJobs(random: () => number, images: number, quads: number): CropJob[] {
  const between = (least: number, most: number): number => least + random() * (most - least);
  const whole = (least: number, most: number): number => Math.floor(between(least, most + 1));
  return Array.from({ length: images }, () => {
    const [width, height] = [whole(1, 160), whole(1, 120)];
    const data = Uint8Array.from({ length: width * height * 3 }, () => random() * 256);
    const drawn = Array.from({ length: quads }, () => {
      const rounds = random() < 0.6;
      const jitter = random() < 0.5 ? 0 : between(0, 12);
      const turn = random() < 0.4 ? 0 : between(-Math.PI, Math.PI);
      const half = [between(1.5, 90), between(1.5, random() < 0.7 ? 20 : 90)] as const;
      const centre = [between(-10, width + 10), between(-10, height + 10)] as const;
      const corners = [
        [-1, -1],
        [1, -1],
        [1, 1],
        [-1, 1],
      ].map(([x = 0, y = 0]) => {
        const [u, v] = [x * half[0] + between(-jitter, jitter), y * half[1] + between(-jitter, jitter)];
        const point = [
          centre[0] + u * Math.cos(turn) - v * Math.sin(turn),
          centre[1] + u * Math.sin(turn) + v * Math.cos(turn),
        ] as const;
        return rounds ? ([Math.round(point[0]), Math.round(point[1])] as const) : point;
      });
      return corners;
    });
    return { image: { width, height, data }, quads: drawn.filter(hasArea) };
  });
}

function hasArea(quad: Quad): boolean {
  const side = (i: number, j: number): number => {
    const [[x1 = 0, y1 = 0], [x2 = 0, y2 = 0]] = [quad[i] ?? [], quad[j] ?? []];
    return Math.hypot(x1 - x2, y1 - y2);
  };
  return Math.max(side(0, 1), side(2, 3)) >= 1.1 && Math.max(side(0, 3), side(1, 2)) >= 1.1;
}
