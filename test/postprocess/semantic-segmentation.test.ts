import { describe, expect, test } from 'vitest';
import { decodeLabelMap, type Segment } from '../../src';
import { encodeLabelMap } from '../../src/image/label-map';
import { readAs, tensor } from '../helpers/postprocess';

const labels = [0, 0, 1, 2, 2, 1];
const image = { width: 3, height: 2 };

function mapOf(segments: readonly Segment[], size = image): number[] {
  return [...decodeLabelMap({ image: size, segments }).data];
}

describe('the class of each pixel', () => {
  test.each(['int32', 'int64', 'uint8', 'float32'] as const)('from labels as %s', async (dtype) => {
    const { segments } = await readAs('semantic-segmentation', [tensor(dtype, [1, 2, 3], labels)], { image });
    expect(mapOf(segments)).toEqual(labels);
    expect(segments.map(({ label, area, fraction }) => [label, area, fraction])).toEqual([
      ['a', 2, 1 / 3],
      ['b', 2, 1 / 3],
      ['c', 2, 1 / 3],
    ]);
  });

  test('from maps of logits or probabilities, the first of equal ones', async () => {
    const maps = [...[0.5, 0.9, 0, 0, 0, 0.1], ...[0.5, 0.1, 0.7, 0.2, 0.1, 0.8], ...[0.1, 0.1, 0.3, 0.9, 0.9, 0.8]];
    const { segments } = await readAs('semantic-segmentation', [tensor('float32', [1, 3, 2, 3], maps)], { image });
    expect(mapOf(segments)).toEqual(labels);
  });

  test('is resized to the image by nearest neighbours, without the padding', async () => {
    const padded = [0, 1, 9, 2, 0, 9, 9, 9, 9];
    const size = { width: 4, height: 2 };
    const { segments } = await readAs('semantic-segmentation', [tensor('int32', [1, 3, 3], padded)], {
      ...{ image: size, size: [6, 6], content: [4, 4] },
    });
    expect(mapOf(segments, size)).toEqual([0, 0, 1, 1, 2, 2, 0, 0]);
  });

  test('of a centred image excludes the borders around it', async () => {
    const around = [
      [9, 9, 9, 9],
      [9, 0, 1, 9],
      [9, 2, 0, 9],
      [9, 9, 9, 9],
    ].flat();
    const options = { image: { width: 2, height: 2 }, size: [8, 8], content: [4, 4], origin: [2, 2] } as const;
    const labels = await readAs('semantic-segmentation', [tensor('int32', [1, 4, 4], around)], options);
    expect(mapOf(labels.segments, options.image)).toEqual([0, 1, 2, 0]);
    const maps = [0, 1, 2, 9].flatMap((classId) => around.map((label) => (label === classId ? 0.9 : 0.01)));
    const found = await readAs('semantic-segmentation', [tensor('float32', [1, 4, 4, 4], maps)], {
      ...options,
      ...{ probabilities: true, spec: { labels: [] } },
    });
    expect(mapOf(found.segments, options.image)).toEqual([0, 1, 2, 0]);
    expect(found.probabilities!.data[0]).toBeGreaterThan(found.probabilities!.data[1]!);
  });

  test('is named by number if the configuration has no labels', async () => {
    const outputs = [tensor('int32', [1, 2, 3], [0, 0, 0, 300, 300, 300])];
    const { segments } = await readAs('semantic-segmentation', outputs, { image, spec: { labels: [] } });
    expect(segments.map(({ label }) => label)).toEqual(['0', '300']);
    expect(mapOf(segments)).toEqual([0, 0, 0, 300, 300, 300]);
  });

  test('outputs that are not maps are refused', async () => {
    const failure = readAs('semantic-segmentation', [tensor('float32', [1, 5], [0, 0, 0, 0, 0])]);
    await expect(failure).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' });
  });
});

describe('maps of probabilities', () => {
  const options = { image: { width: 4, height: 2 }, size: [2, 4], content: [2, 2] } as const;
  // Two classes on 4×2, whose right half is padding.
  const first = [0.9, 0.5, 0.3, 0.3, 0.7, 0.1, 0.3, 0.3];
  const second = first.map((value) => 1 - value);
  /** Bilinear from 2 to 4 columns: positions −0.25, 0.25, 0.75, 1.25. */
  const across = ([a, b]: number[]): number[] => [a!, 0.75 * a! + 0.25 * b!, 0.25 * a! + 0.75 * b!, b!];
  const expected = [first, second].flatMap((map) => [...across(map.slice(0, 2)), ...across(map.slice(4, 6))]);

  test.each([
    ['probabilities', (value: number) => value],
    ['logits', (value: number) => Math.log(value) + 3],
  ])('are computed from %s, at the size of the image and without the padding', async (_, make) => {
    const maps = tensor('float32', [1, 2, 2, 4], [...first, ...second].map(make));
    const { probabilities, segments } = await readAs('semantic-segmentation', [maps], {
      ...options,
      probabilities: true,
    });
    expect(probabilities).toMatchObject({ width: 4, height: 2, classes: 2 });
    expect([...probabilities!.data]).toEqual(expected.map((value) => expect.closeTo(value, 5)));
    expect(segments).toHaveLength(2);
    expect((await readAs('semantic-segmentation', [maps], options)).probabilities).toBeUndefined();
  });

  test('are refused if the network only returns labels', async () => {
    const failure = readAs('semantic-segmentation', [tensor('int32', [1, 2, 3], labels)], {
      image,
      probabilities: true,
    });
    await expect(failure).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' });
    await expect(failure).rejects.toThrow(/output_op softmax or none have, but received outputs int32\[1,2,3\]/);
  });
});

test('maps and their run lengths are equivalent', () => {
  let seed = 1;
  const random = (): number => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647;
  };
  for (let round = 0; round < 30; round++) {
    const size = { width: 1 + Math.floor(random() * 20), height: 1 + Math.floor(random() * 20) };
    const data = Array.from({ length: size.width * size.height }, () => Math.floor(random() * 4));
    const segments = encodeLabelMap({ ...size, data }).map(({ classId, area, mask }) => {
      return { classId, label: '', area, fraction: 0, mask };
    });
    expect(mapOf(segments, size)).toEqual(data);
    expect(segments.reduce((sum, { area }) => sum + area, 0)).toBe(data.length);
  }
});
