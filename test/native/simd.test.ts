import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { makeFolder } from '../helpers/folders';
import { runProcess } from '../helpers/project';

const sources = [
  ...['cubic_resize', 'horizontal_pass_avx2', 'resample_axis', 'resize'].map((name) => `native/src/image/${name}.cc`),
  'test/native/simd.cc',
];

/** The output of the program compiled with these flags. */
async function outputOf(flags: readonly string[]): Promise<string[]> {
  const program = path.join(makeFolder(), 'simd');
  const args = ['-std=c++17', '-O2', '-ffp-contract=off', '-Inative/src', ...flags, ...sources, '-o', program];
  expect(await runProcess(process.env.CXX || 'g++', args)).toMatchObject({ code: 0 });
  const { code, stdout } = await runProcess(program, []);
  expect(code).toBe(0);
  return stdout.trim().split('\n');
}

let vectors: string[];
beforeAll(async () => {
  vectors = await outputOf(process.arch === 'x64' ? ['-msse4.1'] : []);
});

test('the vector functions in plain C++ have identical results', async () => {
  expect(await outputOf(['-DPADDLELAB_SCALAR'])).toEqual(vectors);
  expect(vectors.length).toBeGreaterThan(1000);
});

test('the passes over a row agree: one pixel, four lanes or two pixels at a time', () => {
  const hashes = new Map<string, Set<string>>();
  for (const line of vectors.filter((text) => text.startsWith('pass'))) {
    const [, taps, , hash] = line.split(' ') as [string, string, string, string];
    hashes.set(taps, (hashes.get(taps) ?? new Set()).add(hash));
  }
  expect(hashes.size).toBe(11);
  for (const [taps, found] of hashes) expect(found.size, `${taps} taps`).toBe(1);
});
