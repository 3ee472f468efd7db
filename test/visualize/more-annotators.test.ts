import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ObjectHistory } from '../../src/drawing/object-history';
import type { Box, PredictResult } from '../../src/results';
import { type VisualizeOptions, visualize } from '../../src/visualize/visualize';
import { expectPicture } from '../helpers/pictures';
import { detection, detectionResult, instanceResult, paintImage, segmentation, someDetections } from './scene';

const image = paintImage(320, 240);
const instances = instanceResult(320, 240, someDetections);
const boxes = detectionResult(320, 240, someDetections);

async function check(name: string, result: PredictResult, options: VisualizeOptions): Promise<void> {
  await expectPicture(await visualize(image, result, options), path.join(__dirname, 'expected', `${name}.png`));
}

function pixel(picture: { readonly data: Uint8Array }, x: number, y: number): number[] {
  return Array.from(picture.data.subarray((y * 320 + x) * 3, (y * 320 + x) * 3 + 3));
}

/** One object with a number that moves to the right, for frame 0, 1, … */
function movedTo(frame: number): PredictResult {
  const place: Box = [20 + 24 * frame, 60 + 8 * Math.sin(frame), 70 + 24 * frame, 130 + 8 * Math.sin(frame)];
  return detectionResult(320, 240, [{ ...detection(0, 0.9, place), trackId: 7 } as ReturnType<typeof detection>]);
}

describe('each annotator draws the approved picture', () => {
  for (const name of ['dot', 'circle', 'ellipse', 'triangle', 'percentageBar', 'halo', 'background'] as const) {
    it(name, async () => await check(name, instances, { annotators: [name] }));
  }

  it('halo and background of boxes, blurred', async () => {
    const blurred = { kind: 'background', effect: 'blur', radius: 6 } as const;
    await check('background-blur', boxes, { annotators: [blurred, { kind: 'halo', radius: 5 }] });
  });

  it('cropInset', async () => await check('cropInset', boxes, { annotators: [{ kind: 'cropInset', count: 3 }] }));

  it('zone and line with counts', async () => {
    const points = [
      [30, 120],
      [150, 90],
      [200, 210],
      [40, 220],
    ] as const;
    const zone = { kind: 'zone', points, label: '3 objects' } as const;
    const line = { kind: 'line', from: [180, 30], to: [300, 180], in: 12, out: 4, color: '#d55e00' } as const;
    await check('zone', boxes, { annotators: [zone, line] });
  });

  it('trace and heatOverTime, over frames', async () => {
    const history = new ObjectHistory();
    const annotators = [{ kind: 'heatOverTime', history }, { kind: 'trace', history }, 'box'] as const;
    for (let frame = 0; frame < 8; frame++) await visualize(image, movedTo(frame), { annotators });
    expect(history.frames).toHaveLength(8);
    await check('trace', movedTo(8), { annotators });
  });

  it('traces keep objects of different classes with the same number apart, as with ByteTrack', async () => {
    const both = (frame: number, withFirst: boolean): PredictResult => {
      const first = { ...detection(0, 0.9, [10 + 20 * frame, 20, 30 + 20 * frame, 60]), trackId: 1 };
      const second = { ...detection(1, 0.8, [10 + 20 * frame, 160, 30 + 20 * frame, 200]), trackId: 1 };
      return detectionResult(320, 240, (withFirst ? [first, second] : [second]) as ReturnType<typeof detection>[]);
    };
    const draw = async (withFirst: boolean) => {
      const annotators = [{ kind: 'trace', history: new ObjectHistory({ position: 'center' }), width: 4 }] as const;
      for (let frame = 0; frame < 6; frame++) await visualize(image, both(frame, withFirst), { annotators });
      return await visualize(image, both(6, withFirst), { annotators });
    };
    const [alone, beside] = [await draw(false), await draw(true)];
    // On the way of the second object, of which the first one's changes nothing.
    expect(pixel(beside, 100, 180)).toEqual(pixel(alone, 100, 180));
    expect(pixel(beside, 100, 180)).not.toEqual(pixel(beside, 100, 170));
  });

  it('labels in the middle, by track, in one size', async () => {
    const label = { kind: 'label', text: ['track', 'name'], position: 'center', size: 18 } as const;
    await check('label-center', movedTo(2), { annotators: ['box', label] });
  });
});

describe('overlapping masks', () => {
  it('blend each pixel once, with the colour of the smaller', async () => {
    const [large, small] = [detection(0, 0.9, [20, 20, 220, 220]), detection(1, 0.5, [90, 90, 150, 150])];
    const picture = await visualize(image, instanceResult(320, 240, [large, small]), {
      annotators: ['mask'],
      opacity: 0.5,
    });
    const alone = await visualize(image, instanceResult(320, 240, [small]), { annotators: ['mask'], opacity: 0.5 });
    expect(pixel(picture, 120, 120)).toEqual(pixel(alone, 120, 120));
    expect(pixel(picture, 40, 120)).not.toEqual(pixel(alone, 40, 120));
  });
});

describe('colours', () => {
  const pair = detectionResult(320, 240, [
    detection(0, 0.9, [10, 10, 60, 60]),
    detection(0, 0.8, [100, 100, 160, 160]),
  ]);

  it('of each object', async () => {
    const annotators = ['dot'] as const;
    const picture = await visualize(image, pair, { annotators, palette: ['#ff0000', [0, 0, 255]], colorBy: 'object' });
    expect([pixel(picture, 35, 35), pixel(picture, 130, 130)]).toEqual([
      [255, 0, 0],
      [0, 0, 255],
    ]);
    const byClass = await visualize(image, pair, { annotators, palette: ['#ff0000', [0, 0, 255]] });
    expect(pixel(byClass, 130, 130)).toEqual([255, 0, 0]);
  });

  it('by track need ids', async () => {
    await expect(visualize(image, pair, { colorBy: 'track' })).rejects.toThrow('an object has none; see createTracker');
    const tracked = await visualize(image, movedTo(0), { colorBy: 'track', annotators: ['dot'], palette: ['#0000ff'] });
    expect(pixel(tracked, 45, 95)).toEqual([0, 0, 255]);
  });

  it.each([
    [['red'], 'Expected colour, such as "#0072b2" or [0, 114, 178], for palette[0] but received "red" (string)'],
    [[[0, 0, 256]], 'for palette[0]'],
    [[], 'Expected at least one colour for palette'],
    ['padle', 'for palette but received "padle"'],
  ])('of a palette are checked: %j', async (palette, message) => {
    await expect(visualize(image, pair, { palette } as never)).rejects.toThrow(message);
  });
});

describe('the background of a segmentation', () => {
  it('is not tinted', async () => {
    const named = { ...segmentation, labels: ['background', ...segmentation.labels.slice(1)] };
    const [plain, tinted] = [
      await visualize(image, named, { annotators: ['segmentation'] }),
      await visualize(image, named, { annotators: ['segmentation'], background: false }),
    ];
    const at = (310 + 320 * 20) * 3;
    expect(plain.data.subarray(at, at + 3)).toEqual(image.data.subarray(at, at + 3));
    expect(tinted.data.subarray(at, at + 3)).not.toEqual(image.data.subarray(at, at + 3));
    const other = await visualize(image, segmentation, { annotators: ['segmentation'], background: 1 });
    expect(pixel(other, 10, 10)).toEqual(Array.from(image.data.subarray((10 * 320 + 10) * 3, (10 * 320 + 10) * 3 + 3)));
  });

  it('is refused for results without pixels of classes', async () => {
    await expect(visualize(image, boxes, { background: 0 })).rejects.toThrow('received a result of kind "detection"');
  });
});

describe('labels', () => {
  const crowd = detectionResult(
    320,
    240,
    Array.from({ length: 40 }, (_, index) => detection(index % 6, 0.99 - index / 100, [100, 100, 140, 130])),
  );
  const written = async (crowded: 'overlap' | 'omit'): Promise<number> => {
    const seen = new Set<number>();
    const text = ({ score = 0 }: { readonly score?: number }): string => {
      seen.add(score);
      return 'a long label';
    };
    const picture = await visualize(image, crowd, {
      annotators: [{ kind: 'label', text, crowded }],
      palette: ['#ff0000'],
    });
    expect(seen.size).toBe(40);
    let red = 0;
    for (let at = 0; at < picture.data.length; at += 3)
      red += Number(picture.data[at] === 255 && picture.data[at + 1] === 0);
    return red;
  };

  it('without a free place are left out if wanted', async () => {
    const [all, some] = [await written('overlap'), await written('omit')];
    expect(some).toBeLessThanOrEqual(all);
    expect(some).toBeGreaterThan(0);
  });

  it('can have no text', async () => {
    const picture = await visualize(image, boxes, { annotators: [{ kind: 'label', text: [] }] });
    expect(Buffer.compare(picture.data, image.data)).toBe(0);
  });
});

describe('pixelated objects', () => {
  it('are hidden, however small the cells should be', async () => {
    const data = Uint8Array.from({ length: 320 * 240 * 3 }, (_, index) => (Math.floor(index / 3) % 2 === 0 ? 0 : 255));
    const one = instanceResult(320, 240, [detection(0, 0.9, [80, 60, 160, 140])]);
    const picture = await visualize({ width: 320, height: 240, data }, one, {
      annotators: [{ kind: 'pixelate', size: 1 }],
    });
    expect(pixel(picture, 120, 100)).toEqual(pixel(picture, 121, 100));
  });
});

describe('annotators that need something', () => {
  it.each([
    ['trace', 'Expected ObjectHistory for history but received undefined'],
    ['heatOverTime', 'Expected ObjectHistory for history'],
    ['zone', 'Expected array of at least three points [x, y] for points'],
    ['line', 'Expected point [x, y] for from'],
  ])('%s is refused without it', async (name, message) => {
    await expect(visualize(image, boxes, { annotators: [name as never] })).rejects.toThrow(message);
  });

  it('traces of objects without ids are refused', async () => {
    const history = new ObjectHistory({ frames: 3 });
    await expect(visualize(image, boxes, { annotators: [{ kind: 'trace', history }] })).rejects.toThrow('without one');
  });
});
