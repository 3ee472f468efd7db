import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { NativeTextMap } from '../../src/native/text-types';
import { makeFolder } from './folders';
import { projectRoot } from './project';

/** Points as `[x1, y1, x2, y2, …]`, and the score. */
export type ReferenceRegion = readonly [points: readonly number[], score: number];

/** A drawn map with its rules, and what Python finds in it. */
export interface TextMapJob {
  readonly job: NativeTextMap;
  readonly boxes: readonly ReferenceRegion[];
  readonly polygons: readonly ReferenceRegion[];
}

type Written = Pick<NativeTextMap, 'width' | 'height'> &
  Omit<TextMapJob, 'job'> & { readonly rules: Omit<NativeTextMap, 'width' | 'height' | 'map'> };

/** Maps that Python draws and in which it finds text with OpenCV, Shapely and pyclipper. */
export function drawTextMaps(python: string, seed: number, count: number): TextMapJob[] {
  const folder = makeFolder();
  const script = path.join(projectRoot, 'test/postprocess/text_regions.py');
  const { status, stderr } = spawnSync(python, [script, folder, String(seed), String(count)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const { buffer, byteOffset } = readFileSync(path.join(folder, 'maps.raw'));
  let at = byteOffset;
  return (JSON.parse(readFileSync(path.join(folder, 'jobs.json'), 'utf8')) as Written[]).map((written) => {
    const { width, height, rules, boxes, polygons } = written;
    const map = new Float32Array(buffer.slice(at, at + 4 * width * height));
    at += 4 * width * height;
    return { job: { ...rules, map, width, height }, boxes, polygons };
  });
}
