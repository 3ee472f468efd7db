import { describe, expect, test } from 'vitest';
import { decodeRle } from '../../src';
import { readAs, tensor } from '../helpers/postprocess';

const image = { width: 4, height: 3 };
const masks = [
  [0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0],
  [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
];

describe('SOLOv2', () => {
  const labels = tensor('int64', [3], [1, 0, 0]);
  const scores = tensor('float32', [3], [0.5, 0.9, 0.95]);
  const number = tensor('int32', [1], [3]);
  const segments = (dtype: 'uint8' | 'int32' | 'bool') => tensor(dtype, [3, 3, 4], masks.flat());

  test.each([
    ['2.3 to 2.7', [number, labels, scores, segments('uint8')]],
    ['develop', [segments('int32'), number, labels, scores]],
    ['2.0', [labels, scores, segments('bool')]],
    ["Paddle 3's .json", [tensor('int64', [], [3]), labels, scores, segments('uint8')]],
  ])('outputs are identified by type, in the order of %s', async (_, outputs) => {
    const { detections } = await readAs('instance-segmentation', outputs, { image, spec: { arch: 'SOLOv2' } });
    // A score equal to the threshold is kept, an empty mask is not.
    expect(detections.map(({ label, score, box }) => [label, score, box])).toEqual([
      ['a', expect.closeTo(0.9), [0, 0, 1, 1]],
      ['b', 0.5, [1, 0, 3, 2]],
    ]);
    expect([...decodeRle(detections[1]!.mask).data]).toEqual(masks[0]);
  });

  test('of 1.x excludes the background from its numbers', async () => {
    const spec = { arch: 'SOLOv2', family: 'PaddleDetection 1.x' as const };
    const outputs = [tensor('int32', [3], [1, 0, 0]), scores, segments('int32')];
    const { detections } = await readAs('instance-segmentation', outputs, { image, spec });
    expect(detections.map(({ label }) => label)).toEqual(['b', 'c']);
  });

  test('masks smaller or larger than the image are padded or cropped', async () => {
    const { detections } = await readAs('instance-segmentation', [number, labels, scores, segments('uint8')], {
      image: { width: 2, height: 5 },
      spec: { arch: 'SOLOv2' },
    });
    expect(detections.map(({ mask, box }) => [mask.size, box])).toEqual([
      [
        [5, 2],
        [0, 0, 1, 1],
      ],
      [
        [5, 2],
        [1, 0, 2, 2],
      ],
    ]);
  });
});

describe('Mask R-CNN of 1.x', () => {
  const spec = { arch: 'RCNN', family: 'PaddleDetection 1.x' as const };

  test('"nothing found" is a single −1', async () => {
    const outputs = [tensor('float32', [1, 1], [-1]), tensor('float32', [1, 1], [-1])];
    expect((await readAs('instance-segmentation', outputs, { spec })).detections).toEqual([]);
  });

  test('outputs without masks are refused', async () => {
    const outputs = [tensor('float32', [1, 6], [1, 0.9, 0, 0, 9, 9])];
    await expect(readAs('instance-segmentation', outputs, { spec })).rejects.toThrow(/float32 \[N,C,R,R\]/);
  });
});
