import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { shapeFor } from '../../src/cli/infer/load-for';
import type { InferRequest } from '../../src/cli/infer/request';

const cores = availableParallelism();

function shape(images: number, request: Partial<InferRequest>): { parallel: number; threads: number } {
  return shapeFor({ parallel: undefined, load: {}, batchSize: 1, ...request } as InferRequest, images);
}

test('a folder is run with a thread a run, one image with all threads', () => {
  expect(shape(100, {})).toEqual({ parallel: cores, threads: 1 });
  expect(shape(1, {})).toEqual({ parallel: 1, threads: cores });
  expect(shape(8, { batchSize: 8 })).toEqual({ parallel: 1, threads: cores });
});

test('the threads that are asked for are those of the network in all', () => {
  expect(shape(100, { load: { threads: 1 } })).toEqual({ parallel: 1, threads: 1 });
  expect(shape(100, { load: { threads: 2 * cores } })).toEqual({ parallel: cores, threads: 2 });
  expect(shape(1, { load: { threads: 3 } })).toEqual({ parallel: 1, threads: 3 });
});

test('more runs at once than there are images leave all cores to those that there are', () => {
  expect(shape(100, { parallel: 3 })).toEqual({ parallel: 3, threads: 1 });
  expect(shape(1, { parallel: 3 })).toEqual({ parallel: 1, threads: cores });
  expect(shape(100, { parallel: 2, load: { threads: 4 } })).toEqual({ parallel: 2, threads: 4 });
});

test('a GPU takes one run at a time', () => {
  expect(shape(100, { load: { device: 'gpu' } })).toEqual({ parallel: 1, threads: cores });
});
