import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Annotator } from '../../src/drawing/annotators/annotator';
import type { PredictResult } from '../../src/results';
import { type VisualizeOptions, visualize } from '../../src/visualize/visualize';
import { detection, detectionResult, instanceResult, paintImage, someDetections } from './scene';

const image = paintImage(320, 240);
const result = instanceResult(320, 240, someDetections);

function freeze<T>(value: T): T {
  if (value !== null && typeof value === 'object') Object.values(value).forEach(freeze);
  return Object.freeze(value);
}

async function refused(options: unknown, picture: unknown = image, of: unknown = result): Promise<Error> {
  return await visualize(picture as never, of as PredictResult, options as VisualizeOptions).then(
    () => new Error('accepted'),
    (error: Error) => error,
  );
}

describe('visualize', () => {
  it('changes neither the image nor the result', async () => {
    const before = Buffer.from(image.data);
    const frozen = freeze(structuredClone(result));
    const picture = await visualize(image, frozen);
    expect(Buffer.compare(before, image.data)).toBe(0);
    expect(frozen).toEqual(result);
    expect(Buffer.compare(picture.data, before)).not.toBe(0);
  });

  it('does not share its pixels with the image, even when nothing is drawn', async () => {
    const picture = await visualize(image, result, { annotators: [] });
    expect(Buffer.compare(picture.data, image.data)).toBe(0);
    expect(picture.data.buffer).not.toBe(image.data.buffer);
  });

  it('does not change pixels without a drawing', async () => {
    const one = detectionResult(320, 240, [detection(0, 0.9, [100, 100, 140, 140])]);
    const { data } = await visualize(image, one, { annotators: ['box'] });
    let touched = 0;
    for (let index = 0; index < data.length; index += 3) {
      const x = (index / 3) % 320;
      const y = Math.floor(index / 3 / 320);
      if (data[index] === image.data[index] && data[index + 2] === image.data[index + 2]) continue;
      touched++;
      expect(x >= 99 && x < 141 && y >= 99 && y < 141).toBe(true);
    }
    expect(touched).toBeGreaterThan(300);
  });

  it('accepts files in memory, sharp instances and pictures', async () => {
    const raw = { width: 320, height: 240, channels: 3 } as const;
    const png = await sharp(image.data, { raw }).png().toBuffer();
    const expected = await visualize(image, result);
    for (const input of [png, sharp(png), new Uint8Array(png)]) {
      expect(Buffer.compare((await visualize(input, result)).data, expected.data)).toBe(0);
    }
    const plain = await visualize(image, result, { annotators: [] });
    expect(Buffer.compare((await visualize(plain, result)).data, expected.data)).toBe(0);
  });

  it('draws only above the threshold', async () => {
    const few = { ...result, detections: result.detections.filter(({ score }) => score > 0.81) };
    const picture = await visualize(image, result, { threshold: 0.81 });
    expect(String(picture)).toBe('Picture 320×240 (3 detections)');
    expect(Buffer.compare(picture.data, (await visualize(image, few)).data)).toBe(0);
  });

  it('runs custom annotators, and passes them the objects to draw', async () => {
    const seen: number[] = [];
    const own: Annotator = (canvas, scene) => {
      seen.push(canvas.width, canvas.height, scene.objects.length, scene.style.opacity);
      canvas.addVector('<rect x="10" y="10" width="5" height="5" fill="#ff0000"/>');
    };
    const { data } = await visualize(image, result, { annotators: [own], threshold: 0.9, opacity: 0.2 });
    expect(seen).toEqual([320, 240, 2, 0.2]);
    expect(Array.from(data.subarray((12 * 320 + 12) * 3, (12 * 320 + 12) * 3 + 3))).toEqual([255, 0, 0]);
  });

  it('draws each annotator on top of the previous ones, pixels and vectors alike', async () => {
    const red: Annotator = (canvas) => canvas.addVector('<rect x="10" y="10" width="9" height="9" fill="#ff0000"/>');
    const green: Annotator = (canvas) => {
      canvas.fillRect({ left: 12, top: 10, width: 9, height: 9 }, [0, 255, 0]);
    };
    const blue: Annotator = (canvas) => {
      canvas.editPixels((pixels) => pixels.set([0, 0, 255], (14 * 320 + 14) * 3));
    };
    const at = async (list: Annotator[]): Promise<number[][]> => {
      const { data } = await visualize(image, result, { annotators: list });
      return [11, 13, 14].map((x) => Array.from(data.subarray((14 * 320 + x) * 3, (14 * 320 + x) * 3 + 3)));
    };
    const [r, g, b] = [
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
    ];
    expect(await at([red, green, blue])).toEqual([r, g, b]);
    expect(await at([blue, green, red])).toEqual([r, r, r]);
  });

  it('draws on images wider than the vector renderer’s limit', async () => {
    const wide = paintImage(33_000, 24);
    const boxes = [detection(0, 0.9, [16_300, 2, 16_500, 22]), detection(3, 0.8, [32_900, 2, 32_990, 22])];
    const { data } = await visualize(wide, detectionResult(33_000, 24, boxes), { annotators: ['box'], scale: 0.2 });
    const at = (x: number, y: number) => Array.from(data.subarray((y * 33_000 + x) * 3, (y * 33_000 + x) * 3 + 3));
    expect(at(16_300, 10)).toEqual([0, 114, 178]);
    expect(at(16_499, 10)).toEqual([0, 114, 178]);
    expect(at(32_989, 10)).toEqual([213, 94, 0]);
  });

  it('accepts meaningless boxes and scores', async () => {
    const odd = [
      detection(0, 0.9, [Number.NaN, 0, 10, 10]),
      detection(1, 0.9, [200, 150, 100, 50]),
      detection(2, 0.9, [-500, -500, -400, -400]),
      detection(3, 0.9, [5000, 5000, 6000, 6000]),
      detection(300, Number.NaN, [50, 50, 50, 50]),
      detection(4, 0.9, [-1e9, -1e9, 1e9, 1e9]),
      { ...detection(4, 0.9, [20, 20, 60, 60]), label: '' },
      { ...detection(4, 0.9, [20, 20, 60, 60]), label: '\u0000\n<&"\'>\ud800' },
    ];
    await expect(visualize(image, detectionResult(320, 240, odd))).resolves.toBeDefined();
    await expect(
      visualize(paintImage(1, 1), instanceResult(1, 1, [detection(0, 1, [0, 0, 1, 1])])),
    ).resolves.toBeDefined();
  });
});

describe('visualize refuses', () => {
  const cases: [string, unknown, string][] = [
    ['an unknown option', { treshold: 0.5 }, 'Unknown option "treshold" for visualize; did you mean "threshold"?'],
    [
      'a threshold as text',
      { threshold: '0.5' },
      'Expected number from 0 to 1 for threshold but received "0.5" (string)',
    ],
    ['too much opacity', { opacity: 45 }, 'Expected number from 0 to 1 for opacity but received 45 (number)'],
    ['a scale of 0', { scale: 0 }, 'Expected number from 0.1 to 20 for scale but received 0 (number)'],
    [
      'an unknown palette',
      { palette: 'coco' },
      'Expected one of "default", "paddle" for palette but received "coco" (string)',
    ],
    [
      'a single annotator without array',
      { annotators: 'box' },
      'Expected array of annotators for annotators but received "box" (string)',
    ],
    [
      'an unknown annotator',
      { annotators: ['box', 'masks'] },
      'Expected one of "background", "heatMap", "heatOverTime", "segmentation", "mask", "blur", "pixelate", "contour", "polygon", ' +
        '"box", "roundedBox", "cornerBox", "rotatedBox", "halo", "circle", "ellipse", "triangle", "dot", "percentageBar", "trace", ' +
        '"zone", "line", "skeleton", "cropInset", "label", "text", "topClasses", "legend" for annotators[1] but received "masks" (string)',
    ],
    [
      'an unknown option of an annotator',
      { annotators: [{ kind: 'blur', radius: 3 }] },
      'Unknown option "radius" for blur; known: size',
    ],
    [
      'a mistyped style',
      { style: 'paddle' },
      'Expected one of "default", "paddledetection", "paddleseg" for style but received "paddle" (string)',
    ],
    [
      'options that a style does not support',
      { style: 'paddledetection', opacity: 0.3 },
      'Option "opacity" is not supported by style "paddledetection", which supports threshold, labels; leave it out',
    ],
    [
      'a style for another kind of result',
      { style: 'paddleseg' },
      'Expected a result of kind "semantic-segmentation" for style "paddleseg" but received kind "instance-segmentation"',
    ],
    ['labels that are not strings', { labels: [7] }, 'Expected string for labels[0] but received 7 (number)'],
    ['a number for options', 0.5, 'Expected options object for visualize but received 0.5 (number)'],
  ];
  for (const [what, options, message] of cases) {
    it(what, async () => expect((await refused(options)).message).toBe(message));
  }

  it('an image of another size than the result', async () => {
    const error = await refused({}, paintImage(100, 50));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(error.message).toBe(
      'Expected image of 320×240 pixels, the size of the result for image but received 100×50',
    );
  });

  it('pixels of the wrong length, missing images, and several results', async () => {
    const short = { width: 320, height: 240, data: new Uint8Array(10) };
    expect((await refused({}, short)).message).toContain('received 10 bytes for 320×240');
    expect((await refused({}, null)).message).toContain('for image but received null');
    expect((await refused({}, image, [result])).message).toContain('Expected one result of predict for result');
    expect((await refused({}, image, null)).message).toContain('but received null');
    expect(await refused({}, 'no/such.png')).toMatchObject({ code: 'FILE_NOT_FOUND' });
  });
});

describe('arguments of the canvas', () => {
  const draw = async (annotate: Annotator): Promise<Uint8Array> =>
    (await visualize(image, result, { annotators: [annotate] })).data;

  it('may be outside, enormous, or NaN', async () => {
    await expect(
      draw((canvas) => {
        const red = [255, 0, 0] as const;
        canvas.fillRect({ left: -1e300, top: Number.NaN, width: 1e300, height: 5 }, red);
        canvas.fillRect({ left: 300, top: 230, width: 1e12, height: 1e12 }, red, 2);
        canvas.line(
          [
            [-1e9, 5],
            [1e9, 5],
          ],
          3,
          red,
        );
        canvas.line(
          [
            [Number.NaN, 5],
            [10, 5],
          ],
          3,
          red,
        );
        canvas.polygon(
          [
            [
              [1e7, 1e7],
              [2e7, 1e7],
              [1e7, 2e7],
            ],
          ],
          red,
        );
        canvas.circle([5, 5], 0, red);
        canvas.text('far away', 5000, -300, 12, red);
        canvas.hide('blur', { left: -50, top: -50, width: 100, height: 100 }, 900);
        canvas.hide('pixelate', { left: 400, top: 400, width: 10, height: 10 }, 4);
        canvas.mask(
          { size: [240, 320], counts: 'o'.repeat(90) },
          { fill: red, fillAlpha: 1, edge: red, edgeAlpha: 1, edgeWidth: 3 },
        );
      }),
    ).resolves.toHaveLength(320 * 240 * 3);
  });

  it('must match their own size', async () => {
    const short = { width: 10, height: 10, data: new Uint8Array(300) };
    await expect(draw((canvas) => canvas.layer(short, 0, 0))).rejects.toThrow(
      'Expected 400 numbers for rgba.data but received 300',
    );
    const values = { width: 4, height: 4, data: new Float32Array(3) };
    await expect(draw((canvas) => canvas.heatMap(values, new Uint8Array(1024), 0, 1))).rejects.toThrow(
      'Expected 16 numbers',
    );
  });

  it('a line has the given width, and smooth edges', async () => {
    const data = await draw((canvas) =>
      canvas.line(
        [
          [20, 100.5],
          [300, 100.5],
        ],
        5,
        [255, 255, 255],
      ),
    );
    const column = [97, 98, 99, 100, 101, 102, 103, 104].map((y) => data[(y * 320 + 160) * 3] === 255);
    expect(column).toEqual([false, true, true, true, true, true, false, false]);
  });
});
