import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { loadTextReader, readText, readTextStream, type TextReader } from '../../src';
import { PdfRenderer } from '../../src/ocr/pdf-renderer';
import { distFile } from '../../src/package-root';
import { makeFolder } from '../helpers/folders';
import { makePdf } from '../helpers/pdf';
import { type ProcessResult, runProcess } from '../helpers/project';

vi.setConfig({ testTimeout: 120_000 });

const first = ['Invoice 4711', 'Total 128.50'];
const second = ['Secondpage', 'Delivery'];

let folder: string;
let letter: string;
let reader: TextReader;
beforeAll(async () => {
  folder = makeFolder();
  letter = path.join(folder, 'letter.pdf');
  writeFileSync(letter, makePdf([{ lines: first }, { lines: second, rotate: 90 }]));
  writeFileSync(path.join(folder, 'broken.pdf'), makePdf([{ lines: first }]).subarray(0, 300));
  mkdirSync(path.join(folder, 'more'));
  writeFileSync(path.join(folder, 'more', 'single.PDF'), makePdf([{ lines: first }]));
  reader = await loadTextReader({ engine: 'onednn', preset: 'paddlex' });
});
afterAll(() => reader?.dispose());

const bare = (text: string): string => text.replace(/\s+/g, '');
const bareLines = (lines: readonly { readonly text: string }[]): string[] => lines.map(({ text }) => bare(text));

test('each page is read, in an array and in a stream; a turned one as it is shown', async () => {
  const pages = await readText([letter], { reader });
  expect(pages.map(({ lines }) => bareLines(lines))).toEqual([first.map(bare), second.map(bare)]);
  expect(pages.map(({ image }) => [image.width, image.height])).toEqual([
    [1166, 833],
    [833, 1166],
  ]);
  const sizes: number[] = [];
  for await (const { image } of readTextStream([letter], { reader, dpi: 100 })) sizes.push(image.width);
  expect(sizes).toEqual([583, 416]);
});

test('one page by its number, or of a file with only one', async () => {
  const page = await readText(`${letter}#page=2`, { reader });
  expect(bareLines(page.lines)).toEqual(second.map(bare));
  const only = await readText(path.join(folder, 'more', 'single.PDF'), { reader });
  expect(bareLines(only.lines)).toEqual(first.map(bare));
  await expect(readText(letter, { reader })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining('Expected one page but'),
  });
  await expect(readText(`${letter}#page=3`, { reader })).rejects.toMatchObject({
    code: 'IMAGE_UNREADABLE',
    message: expect.stringContaining('it has 2 pages'),
  });
});

test('pixels are those of the page, in RGB', async () => {
  await using pdf = new PdfRenderer(72, undefined);
  const { width, height, data } = await pdf.render({ file: letter, page: 1 });
  expect([width, height]).toEqual([420, 300]);
  const at = ((height - 20) * width + 20) * 3;
  expect([...data.subarray(at, at + 3), ...data.subarray(0, 3)]).toEqual([255, 0, 0, 255, 255, 255]);
});

test('what can’t be rendered is a coded error: damaged, empty, missing, gigantic, aborted', async () => {
  const hostile = makeFolder();
  const [empty, huge] = [path.join(hostile, 'empty.pdf'), path.join(hostile, 'huge.pdf')];
  writeFileSync(empty, '');
  writeFileSync(huge, makePdf([{ lines: first, size: [14_400, 14_400] }]));
  for (const file of [path.join(folder, 'broken.pdf'), empty, huge, path.join(folder, 'no.pdf')]) {
    await expect(readText([file], { reader }), file).rejects.toMatchObject({ code: 'IMAGE_UNREADABLE' });
  }
  await expect(readText([huge], { reader })).rejects.toMatchObject({
    message: expect.stringContaining('40000×40000 pixels; choose another dpi'),
  });
  const signal = AbortSignal.abort();
  await expect(readText([letter], { reader, signal })).rejects.toMatchObject({ code: 'ABORTED' });
});

test('without PDFium, an error names the package', async () => {
  await using pdf = new PdfRenderer(72, undefined, ['/any.js']);
  await expect(pdf.count(letter)).rejects.toMatchObject({
    code: 'TOOL_FAILED',
    message: expect.stringContaining('npm install @hyzyla/pdfium'),
  });
});

function ocr(...args: string[]): Promise<ProcessResult> {
  const flags = ['--engine', 'onednn', '--preset', 'paddlex'];
  return runProcess(process.execPath, [distFile('cli/main.js'), 'ocr', ...args, ...flags]);
}

test('paddlelab ocr: a file for each page, in folders, too; a damaged file is named; resumed', async () => {
  const output = makeFolder();
  const saved = ['--save', 'text,tsv', '--output-dir', output];
  const run = await ocr(folder, ...saved);
  expect(run.code, run.stderr).toBe(3);
  expect(run.stderr).toMatch(/failed: .*broken\.pdf: Can't render .*broken\.pdf: /);
  expect(run.stderr).toContain('3 of 4 images done');
  expect(run.stdout).toContain('letter.pdf#page=2');
  expect(readdirSync(output)).toEqual(
    expect.arrayContaining(['letter-0001.txt', 'letter-0002.txt', 'single-0001.txt']),
  );
  expect(bare(readFileSync(path.join(output, 'letter-0002.txt'), 'utf8'))).toBe(bare(second.join('')));
  const again = await ocr(folder, ...saved, '--resume');
  expect(again.stderr).toContain('3 were finished before');
  expect((await ocr(folder, ...saved, '--resume', '--dpi', '300')).stderr).toContain('with dpi 200');
});
