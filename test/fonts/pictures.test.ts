import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { fonts, type Picture, visualize } from '../../src';
import type { MimeBundle } from '../../src/display/display';
import { setLiveDisplay } from '../../src/display/live-output';
import { makeFolder } from '../helpers/folders';
import { expectPicture } from '../helpers/pictures';
import { runScript } from '../helpers/project';
import { detection, detectionResult, paintImage } from '../visualize/scene';
import { testFont } from './test-fonts';

const before = process.env.PADDLELAB_FONT_CACHE;
const shown: MimeBundle[] = [];

beforeAll(() => {
  // Fonts that the user of this machine has fetched are not used.
  process.env.PADDLELAB_FONT_CACHE = makeFolder();
  // As in a notebook.
  setLiveDisplay({
    create: (bundle) => {
      shown.push(bundle);
      return { update: () => undefined };
    },
  });
});
beforeEach(() => void shown.splice(0));
afterAll(() => {
  setLiveDisplay(undefined);
  if (before === undefined) delete process.env.PADDLELAB_FONT_CACHE;
  else process.env.PADDLELAB_FONT_CACHE = before;
});

/** Objects with these names, one below the other. */
function draw(names: readonly string[], style?: 'paddledetection'): Promise<Picture> {
  const objects = names.map((label, i) => {
    return { ...detection(i, 0.98 - i / 10, [20, 40 + 64 * i, 300, 80 + 64 * i]), label };
  });
  const result = { ...detectionResult(320, 240, objects), labels: names };
  return visualize(paintImage(320, 240), result, style === undefined ? { scale: 1.6 } : { style });
}

const expected = (name: string): string => path.join(__dirname, 'expected', `${name}.png`);

test('letters that no font has are boxes with code points; the cell says so once, the picture always', async () => {
  const picture = await draw(['cat 猫', 'แมว', '😀 Ꭰ']);
  await expectPicture(picture, expected('boxes'));
  expect(String(picture)).toBe('Picture 320×240 (3 detections; no font for Cherokee, Thai, emoji)');
  await draw(['แมว']);
  expect(shown).toHaveLength(1);
  expect(shown[0]?.['text/plain']).toBe(
    'Text is drawn as boxes with code points, because no font has its letters: Cherokee (such as U+13A0), ' +
      'Thai (such as U+0E41), emoji (such as U+1F600). To draw them, run ' +
      "`await fonts.pull('emoji'); await fonts.pull('thai')`, or name a font or a folder of fonts in PADDLELAB_FONTS.",
  );
});

test('with a font, letters are shaped and in the order of their script, in every style', async () => {
  fonts.register(testFont('arabic'));
  fonts.register(testFont('devanagari'));
  const names = ['سيارة مُحَمَّد', 'कुत्ता क्षत्रिय', 'car (قطة) 猫'];
  const picture = await draw(names);
  await expectPicture(picture, expected('shaped'));
  expect(String(picture)).toBe('Picture 320×240 (3 detections)');
  await expectPicture(await draw(names, 'paddledetection'), expected('shaped-paddledetection'));
  expect(shown).toEqual([]);
});

test('the picture of a page names scripts without a font too', async () => {
  const polygon = [
    [10, 100],
    [300, 100],
    [300, 140],
    [10, 140],
  ] as const;
  const line = { polygon, text: 'ខ្មែរ', score: 1, detectionScore: 1, characters: [] };
  const { image, threshold, labels, timings } = detectionResult(320, 240, []);
  const page = { kind: 'text', image, threshold, labels, timings, lines: [line], text: 'ខ្មែរ' } as const;
  const picture = await visualize(paintImage(320, 240), page, { annotators: ['text'] });
  expect(String(picture)).toBe('Picture 320×240 (1 line of text; no font for Khmer)');
});

test('outside a notebook it is one warning of the process', async () => {
  const body = `
    const image = { width: 64, height: 48, data: new Uint8Array(64 * 48 * 3) };
    const detections = [{ classId: 0, label: 'ก', score: 1, box: [5, 20, 60, 40] }];
    const result = { kind: 'detection', image, threshold: 0, labels: ['ก'], timings: {}, detections };
    for (let i = 0; i < 2; i++) await lab.visualize(image, result);`;
  const { code, stderr } = await runScript(body, { PADDLELAB_FONT_CACHE: makeFolder() });
  expect(code, stderr).toBe(0);
  expect(
    stderr.match(/\[PADDLELAB_FONT\] PaddleLabWarning: Text is drawn as boxes.*Thai.*`npx paddlelab fonts pull thai`/g),
  ).toHaveLength(1);
});
