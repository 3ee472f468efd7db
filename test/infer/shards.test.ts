import { describe, expect, test } from 'vitest';
import { readShard, withShard } from '../../src/cli/infer/read-shard';
import { differenceOf } from '../../src/infer/shards/same-run';
import { indicesOf, journalOf, shardOfJournal } from '../../src/infer/shards/shard';
import type { ShardSettings } from '../../src/infer/shards/shard-journal';
import { planShard } from '../../src/infer/shards/shard-plan';

describe('each image is in exactly one shard', () => {
  test.each([
    [20, 3, 1],
    [20, 3, 4],
    [7, 7, 1],
    [2, 5, 1],
    [1, 1, 8],
    [9, 2, 4],
  ])('%i images, %i shards, %i images per run', (images, count, size) => {
    const shards = Array.from({ length: count }, (_, i) => indicesOf({ number: i + 1, count }, images, size));
    expect(shards.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: images }, (_, i) => i));
    // Runs through the network are those of the undivided run.
    for (const places of shards) {
      for (const [i, place] of places.entries()) expect(place % size).toBe(i % size);
    }
  });
});

test('the place of a folder does not change the shards', () => {
  const at = (root: string) => Array.from({ length: 5 }, (_, i) => ({ file: `${root}/${i}.png`, name: `${i}.png` }));
  const other = { size: 1, models: 'abc' };
  const head = (root: string) => planShard({ number: 2, count: 2 }, at(root), other).head;
  expect(head('/mnt/photos')).toEqual(head('/data/photos'));
  expect(head('/mnt').names).toEqual(['1.png', '3.png']);
});

test('a shard has a journal of its own', () => {
  expect(journalOf(undefined)).toBe('.paddlelab-infer.jsonl');
  const shard = { number: 2, count: 12 };
  expect(shardOfJournal(journalOf(shard))).toEqual(shard);
  expect(shardOfJournal('.paddlelab-infer.jsonl')).toBeUndefined();
});

describe('--shard', () => {
  test.each<[string, Record<string, string>, [number, number]]>([
    ['1/1', {}, [1, 1]],
    ['2/3', { JOB_COMPLETION_INDEX: '0' }, [2, 3]],
    ['auto/3', { JOB_COMPLETION_INDEX: '0' }, [1, 3]],
    ['auto', { JOB_COMPLETION_INDEX: '2', JOB_COMPLETION_COUNT: '3' }, [3, 3]],
    ['auto/3', { JOB_COMPLETION_INDEX: '2', JOB_COMPLETION_COUNT: '3' }, [3, 3]],
    ['auto', { SLURM_ARRAY_TASK_ID: '5', SLURM_ARRAY_TASK_COUNT: '8', SLURM_ARRAY_TASK_MIN: '1' }, [5, 8]],
    ['auto', { SLURM_ARRAY_TASK_ID: '0', SLURM_ARRAY_TASK_COUNT: '8', SLURM_ARRAY_TASK_MIN: '0' }, [1, 8]],
    ['auto', { SLURM_ARRAY_TASK_ID: '7', SLURM_ARRAY_TASK_COUNT: '8' }, [8, 8]],
    ['auto/8', { SLURM_ARRAY_TASK_ID: '0' }, [1, 8]],
    [
      'auto',
      {
        SLURM_ARRAY_TASK_ID: '14',
        SLURM_ARRAY_TASK_COUNT: '3',
        SLURM_ARRAY_TASK_MIN: '10',
        SLURM_ARRAY_TASK_STEP: '2',
      },
      [3, 3],
    ],
  ])('%s with %j', (text, environment, [number, count]) => {
    expect(readShard(text, environment)).toEqual({ number, count });
  });

  test.each(['', '1', '0/3', '4/3', '1/0', '-1/3', '1.5/3', 'a/b', '1/3/5', 'auto/0', 'auto/x', 'Auto', ' 1/3'])(
    'refuses "%s"',
    (text) => {
      const environment = { JOB_COMPLETION_INDEX: '0' };
      expect(() => readShard(text, environment)).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(`received "${text}"`) }),
      );
    },
  );

  test.each<[string, Record<string, string>, RegExp]>([
    ['auto', {}, /JOB_COMPLETION_INDEX .* or SLURM_ARRAY_TASK_ID .* neither is set/],
    ['auto', { JOB_COMPLETION_INDEX: '0' }, /--shard auto\/n, or JOB_COMPLETION_COUNT=n/],
    ['auto/3', { JOB_COMPLETION_INDEX: '3' }, /gives shard 4\/3/],
    ['auto/3', { JOB_COMPLETION_INDEX: 'x' }, /JOB_COMPLETION_INDEX but received "x"/],
    ['auto/3', { JOB_COMPLETION_INDEX: '0', JOB_COMPLETION_COUNT: '4' }, /exclude each other/],
    ['auto/3', { JOB_COMPLETION_INDEX: '0', SLURM_ARRAY_TASK_ID: '1' }, /both set/],
    ['auto', { SLURM_ARRAY_TASK_ID: '1' }, /SLURM_ARRAY_TASK_COUNT/],
    // One task of an array, submitted again.
    ['auto/8', { SLURM_ARRAY_TASK_ID: '5', SLURM_ARRAY_TASK_COUNT: '1' }, /has 1 tasks but .*--shard i\/8/],
    // --array=1,3,7
    [
      'auto',
      { SLURM_ARRAY_TASK_ID: '7', SLURM_ARRAY_TASK_COUNT: '3', SLURM_ARRAY_TASK_MIN: '1' },
      /gives shard 7\/3, which is not one of 3/,
    ],
  ])('%s with %j is refused', (text, environment, message) => {
    expect(() => readShard(text, environment)).toThrow(message);
  });

  test('the command that resumes a shard names it, because auto means nothing elsewhere', () => {
    const shard = { number: 2, count: 3 };
    expect(withShard(['infer', 'm', '--shard=auto/3'], shard)).toEqual(['infer', 'm', '--shard=2/3']);
    expect(withShard(['ocr', 'p', '--shard', 'auto'], shard)).toEqual(['ocr', 'p', '--shard', '2/3']);
    expect(withShard(['infer', 'm', 'auto'], shard)).toEqual(['infer', 'm', 'auto']);
  });
});

describe('shards are of one run', () => {
  const images = Array.from({ length: 4 }, (_, i) => ({ file: `/photos/${i}.png`, name: `${i}.png` }));
  const settings = (number: number, changes: object = {}, shard: object = {}): ShardSettings =>
    ({
      ...{ model: `/machine-${number}/model`, engine: 'plain', outputs: ['csv'] },
      ...changes,
      shard: { ...planShard({ number, count: 2 }, images, { size: 1, models: 'abc', threshold: 0.5 }).head, ...shard },
    }) as ShardSettings;

  test('wherever the model is stored', () => {
    expect(differenceOf(settings(1), settings(2))).toBeUndefined();
  });

  test.each<[object, object, RegExp]>([
    [{ engine: 'onednn' }, {}, /^engine: "plain" and "onednn"; with --engine NAME/],
    [{ outputs: ['csv', 'coco'] }, {}, /^outputs: \["csv"\] and \["csv","coco"\]$/],
    [{ threshold: 0.3 }, { threshold: 0.3 }, /^minimum score: 0.5 and 0.3$/],
    [{}, { count: 3 }, /^number of shards: 2 and 3$/],
    [{}, { images: 5 }, /^number of images: 4 and 5; all shards must find the same images/],
    [{}, { list: 'other' }, /^the names of images differ; all shards must/],
    [{}, { models: 'def' }, /^the models differ$/],
    [{}, { size: 4 }, /^images per run: 1 and 4$/],
  ])('not with %j %j', (changes, shard, message) => {
    expect(differenceOf(settings(1), settings(2, changes, shard))).toMatch(message);
  });
});
