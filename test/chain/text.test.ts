import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chain, decodeImage, loadTextReader, predict, predictStream, readText, type TextReader } from '../../src';
import { projectRoot } from '../helpers/project';

const letter = path.join(projectRoot, 'notebooks/images/letter.png');
let reader: TextReader;

beforeAll(async () => {
  reader = await loadTextReader({ engine: 'plain' });
});
afterAll(() => reader?.dispose());

test('the text of an object is that of its part of the image, at its place in the whole image', async () => {
  const { width, height, data } = await decodeImage(letter);
  const top = Math.floor(height / 2);
  const timings = { decodeMs: 0, preprocessMs: 0, inferenceMs: 0, postprocessMs: 0 };
  const both = chain(
    async () => ({
      ...{ image: { width, height }, threshold: 0, labels: ['half'], timings },
      kind: 'detection' as const,
      detections: [{ classId: 0, label: 'half', score: 1, box: [0, top, width, height] as const }],
    }),
    { then: reader },
  );
  const [half] = (await predict(both, letter)).detections;
  const part = { width, height: height - top, channels: 3, data: data.slice(top * width * 3) };
  const alone = await readText(part, { reader });
  expect(half?.result?.text).toBe(alone.text);
  expect(alone.lines.length).toBeGreaterThan(1);
  expect(half?.result?.lines.map(({ polygon }) => polygon)).toEqual(
    alone.lines.map(({ polygon }) => polygon.map(([x, y]) => [x, y + top])),
  );
  const texts: (string | undefined)[] = [];
  for await (const { detections } of predictStream(both, [letter, letter])) texts.push(detections[0]?.result?.text);
  expect(texts).toEqual([alone.text, alone.text]);
});
