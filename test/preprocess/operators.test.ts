import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { load, YAML11_SCHEMA } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPreprocess } from '../../src/preprocess/operators';
import { runPipeline } from '../../src/preprocess/pipeline';
import { parseYaml } from '../../src/yaml/yaml-file';
import { randomNumbers } from '../helpers/kernel-properties';
import { ensureOpenCv } from '../helpers/opencv';
import { projectRoot, runProcess } from '../helpers/project';
import { operatorCases } from './operator-cases';

/** Wide, high, and so small that every step enlarges it. */
const sizes: readonly [number, number][] = [
  [131, 97],
  [83, 120],
  [31, 29],
];

const jobs = operatorCases.flatMap((row) =>
  sizes
    // Sizes that CropImage does not refuse, and that leave room for Padding and CULaneResize.
    .filter(([width]) => width > 31 || !/CULane|Crop/.test(row.operators))
    .map(([width, height]) => ({ ...row, width, height })),
);

const python = ensureOpenCv();

describe.skipIf(python === undefined)('operators give the results of the Python scripts for the same picture', () => {
  const random = randomNumbers(5);
  const pictures = jobs.map(({ width, height }) =>
    Uint8Array.from({ length: width * height * 3 }, () => random() * 256),
  );
  let expected: { shape: number[]; facts: Record<string, number[]>; data: Float32Array }[];

  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-operators-'));
    const described = jobs.map((job) => ({ ...job, operators: load(job.operators, { schema: YAML11_SCHEMA }) }));
    await writeFile(path.join(folder, 'jobs.json'), JSON.stringify(described));
    await writeFile(path.join(folder, 'input.bin'), Buffer.concat(pictures));
    const script = path.join(projectRoot, 'test/preprocess/operators.py');
    const { code, stderr } = await runProcess(python as string, [script, folder]);
    if (code !== 0) throw new Error(stderr);
    const bytes = Uint8Array.from(await readFile(path.join(folder, 'output.bin'))).buffer;
    let offset = 0;
    expected = JSON.parse(await readFile(path.join(folder, 'output.json'), 'utf8')).map(
      (result: { shape: number[]; facts: Record<string, number[]> }) => {
        const length = result.shape.reduce((product, side) => product * side, 1);
        const data = new Float32Array(bytes, offset, length);
        offset += length * 4;
        return { ...result, data };
      },
    );
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each(jobs.map((job, i) => ({ ...job, i })))('$family $width×$height $operators', async (job) => {
    const { i, width, height, family, arch, operators, tolerance } = job;
    const steps = readPreprocess(parseYaml(operators, 'case.yml'), family, arch ?? '');
    const found = await runPipeline({ data: pictures[i] as Uint8Array, width, height }, steps);
    const { shape, facts, data } = expected[i]!;
    expect(found.image.shape).toEqual(shape);
    let largest = 0;
    found.image.data.forEach((value, at) => {
      largest = Math.max(largest, Math.abs(value - (data[at] as number)));
    });
    expect(largest).toBeLessThanOrEqual(tolerance as number);
    expect(found).toMatchObject(facts);
  });
});
