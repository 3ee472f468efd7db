import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { beforeAll, expect, test, vi } from 'vitest';
import { distFile } from '../../src/package-root';
import { makeFolder } from '../helpers/folders';
import { type ProcessResult, projectRoot, runProcess } from '../helpers/project';

/** Each test starts a process that loads two networks. */
vi.setConfig({ testTimeout: 120_000 });

const letter = path.join(projectRoot, 'notebooks/images/letter.png');
let scans: string;

beforeAll(() => {
  scans = makeFolder();
  copyFileSync(letter, path.join(scans, 'a letter.png'));
  copyFileSync(path.join(projectRoot, 'notebooks/images/shapes.png'), path.join(scans, 'shapes.png'));
  writeFileSync(path.join(scans, 'broken.png'), 'no picture');
});

function ocr(...args: string[]): Promise<ProcessResult> {
  const engine = ['--engine', 'plain', '--preset', 'paddlex', '--threshold', '0.5'];
  return runProcess(process.execPath, [distFile('cli/main.js'), 'ocr', ...args, ...engine]);
}

test('the text of one image is printed, and nothing else on standard output', async () => {
  const { code, stdout, stderr } = await ocr(letter);
  expect(code, stderr).toBe(0);
  const rows = stdout.trimEnd().split('\n');
  expect(rows.map((row) => row.replaceAll(' ', ''))).toContain('Total68.30');
  expect(rows.some((row) => row.includes('中文入门'))).toBe(true);
  expect(stderr).toContain('parameters of PaddleX');
  expect(stderr).toContain('1 of 1 image done');
});

test('a page that is upside down is read with a classifier of lines', async () => {
  const file = path.join(makeFolder(), 'upside-down.png');
  await sharp(letter).rotate(180).png().toFile(file);
  const { code, stdout, stderr } = await ocr(file, '--orientation', 'ch_ppocr_mobile_v2.0_cls');
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('ch_ppocr_mobile_v2.0_cls (plain)');
  // The last line of the picture is the first of the page.
  expect(stdout.split('\n')[0]?.replaceAll(' ', '')).toBe('HarbourBookshop');
  const without = await ocr(file, '--no-orientation');
  expect(without.stdout.replaceAll(' ', '')).not.toContain('HarbourBookshop');
});

test('a folder: files for each image, a broken one named, and the run continued', async () => {
  const folder = makeFolder();
  const saved = ['--save', 'text,hocr,picture,tsv,csv,jsonl', '--output-dir', folder];
  const first = await ocr(scans, ...saved);
  expect(first.code, first.stderr).toBe(3);
  expect(first.stderr).toContain('failed: ');
  expect(first.stderr).toContain('broken.png');
  const written = readdirSync(folder, { recursive: true }).map(String);
  expect(written).toEqual(
    expect.arrayContaining(['text/a letter.txt', 'hocr/a letter.hocr', 'picture/a letter.png', 'text/shapes.txt']),
  );
  const text = readFileSync(path.join(folder, 'text/a letter.txt'), 'utf8');
  expect(text.replaceAll(' ', '')).toContain('Total68.30');
  expect(readFileSync(path.join(folder, 'results.tsv'), 'utf8').split('\n').length).toBeGreaterThan(16);
  const again = await ocr(scans, ...saved, '--resume');
  expect(again.stderr).toContain('2 were finished before');
  const refused = await ocr(scans, ...saved);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toMatch(/^error \[FILE_UNWRITABLE\]/);
});

test('--json: one line per image', async () => {
  const { code, stdout } = await ocr(letter, '--json');
  expect(code).toBe(0);
  const result = JSON.parse(stdout) as { file: string; kind: string; lines: { text: string; polygon: number[][] }[] };
  expect(result).toMatchObject({ file: letter, kind: 'text' });
  expect(result.lines).toHaveLength(16);
  expect(result.lines.every(({ polygon }) => polygon.length === 4)).toBe(true);
});

test('a misspelt output gets the known ones', async () => {
  const { code, stderr } = await ocr(letter, '--save', 'txt');
  expect(code).toBe(2);
  expect(stderr).toMatch(/Expected one of .*"text".*"hocr"/);
});
