import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { concurrencyFor } from '../../src/cli/infer/load-for';
import type { InferRequest } from '../../src/cli/infer/request';

const cores = availableParallelism();

function shape(images: number, request: Partial<InferRequest>): { parallel: number; threads: number } {
  return concurrencyFor({ parallel: undefined, load: {}, batchSize: 1, ...request } as InferRequest, images);
}

test('a folder uses one thread per run, a single image all threads', () => {
  expect(shape(100, {})).toEqual({ parallel: cores, threads: 1 });
  expect(shape(1, {})).toEqual({ parallel: 1, threads: cores });
  expect(shape(8, { batchSize: 8 })).toEqual({ parallel: 1, threads: cores });
});

test('the requested threads are the total of the network', () => {
  expect(shape(100, { load: { threads: 1 } })).toEqual({ parallel: 1, threads: 1 });
  expect(shape(100, { load: { threads: 2 * cores } })).toEqual({ parallel: cores, threads: 2 });
  expect(shape(1, { load: { threads: 3 } })).toEqual({ parallel: 1, threads: 3 });
});

test('with more concurrent runs than images, the images share all cores', () => {
  expect(shape(100, { parallel: 3 })).toEqual({ parallel: 3, threads: 1 });
  expect(shape(1, { parallel: 3 })).toEqual({ parallel: 1, threads: cores });
  expect(shape(100, { parallel: 2, load: { threads: 4 } })).toEqual({ parallel: 2, threads: 4 });
});

test('a GPU runs one at a time', () => {
  expect(shape(100, { load: { device: 'gpu' } })).toEqual({ parallel: 1, threads: cores });
});
