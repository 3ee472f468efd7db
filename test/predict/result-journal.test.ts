import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ImageRecord, Journal, journalNames } from '../../src/predict/result-journal';
import type { PredictResult } from '../../src/results';

const journalName = journalNames.infer;

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-journal-'));
  file = path.join(folder, journalName);
});
afterEach(() => rm(folder, { recursive: true }));

const settings = { threshold: 0.5 };
const record = (name: string): ImageRecord => {
  return { file: `/in/${name}`, name, result: {} as PredictResult, written: [`${name}.png`] };
};

async function journalOf(...names: string[]): Promise<void> {
  const journal = await Journal.create(folder, journalName, settings);
  for (const name of names) await journal.add(record(name));
}

test('a run resumes with the recorded images, and knows their files', async () => {
  expect(await Journal.resume(folder, journalName, settings)).toBeUndefined();
  await journalOf('a', 'b');
  const journal = await Journal.resume(folder, journalName, settings);
  expect(['a', 'b', 'c'].map((name) => journal!.has(`/in/${name}`))).toEqual([true, true, false]);
  expect(journal!.written()).toEqual(['a.png', 'b.png']);
});

test.each([
  ['a partial line', '{"file":"/in/c","na'],
  ['zeros, as after a power failure', `${'\0'.repeat(40)}\n`],
])('%s after the records are cut off', async (_, rest) => {
  await journalOf('a', 'b');
  const before = await readFile(file);
  await appendFile(file, rest);
  const journal = await Journal.resume(folder, journalName, settings);
  expect(journal!.written()).toEqual(['a.png', 'b.png']);
  expect((await readFile(file)).equals(before)).toBe(true);
  await journal!.add(record('c'));
  expect((await Journal.resume(folder, journalName, settings))!.written()).toEqual(['a.png', 'b.png', 'c.png']);
});

test('a journal whose settings can not be read is refused, with the next step', async () => {
  await writeFile(file, 'no JSON\n');
  await expect(Journal.resume(folder, journalName, settings)).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining("is damaged, so that its run can't be resumed; use --overwrite"),
  });
});
