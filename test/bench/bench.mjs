// Compares this library with Paddle's Python API: the same Paddle, model, input and threads, alternating in one run.
//
//   node test/bench/bench.mjs [name…]        names: calls resnet50 detector first-resnet50 first-detector
//
// Needs the compiled package (`npm run build`) and `.cache/python-paddle`, an environment with paddlepaddle, which the
// long tests make (`npm run test:long`), or: python3 -m venv .cache/python-paddle, then pip install paddlepaddle==3.3.1.

import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const root = path.resolve(here, '../..');
const python = path.join(root, '.cache/python-paddle/bin/python');
const threads = 2;
const rounds = 9;
const scratch = mkdtempSync(path.join(os.tmpdir(), 'paddlelab-bench-'));

/** An architecture of the shared material, with random weights; undefined without the material. */
function architecture(name, stem) {
  const shared = path.resolve(root, '../shared/models');
  if (!existsSync(shared)) {
    console.error(`SKIPPED: ${name}, the shared material is not on this machine`);
    return undefined;
  }
  const home = path.join(scratch, name);
  cpSync(path.join(shared, 'arch', name), home, { recursive: true });
  const filled = spawnSync(python, [path.join(shared, 'fill_params.py'), home], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (filled.status !== 0) throw new Error(`Making weights for ${name} failed`);
  return { program: path.join(home, `${stem}.pdmodel`), params: path.join(home, `${stem}.pdiparams`) };
}

function models() {
  const tiny = path.join(root, 'test/long/tiny-model');
  return {
    tiny: {
      program: path.join(tiny, 'model.pdmodel'),
      params: path.join(tiny, 'model.pdiparams'),
      shapes: { x: [1, 8] },
    },
    resnet50: { ...architecture('ResNet50', 'inference'), shapes: { x: [1, 3, 224, 224] } },
    detector: {
      ...architecture('picodet_s_320_coco_lcnet', 'model'),
      shapes: { image: [1, 3, 320, 320], scale_factor: [1, 2] },
    },
  };
}

function jobs({ tiny, resnet50, detector }) {
  const latency = { kind: 'times', threads, warmup: 3, runs: 9, calls: 1 };
  const first = { kind: 'first', threads };
  return [
    {
      name: 'calls',
      what: 'tiny model, plain, ms a call',
      ...tiny,
      engine: 'plain',
      kind: 'times',
      threads: 1,
      warmup: 2000,
      runs: 9,
      calls: 2000,
      target: 0.8,
    },
    ...['plain', 'onednn', 'openvino'].map((engine) => ({
      name: 'resnet50',
      what: `ResNet50, ${engine}, ms`,
      ...resnet50,
      ...latency,
      engine,
      target: 1.02,
    })),
    ...['plain', 'onednn', 'openvino'].map((engine) => ({
      name: 'detector',
      what: `PicoDet-S 320, ${engine}, ms`,
      ...detector,
      ...latency,
      engine,
      target: 1.02,
    })),
    {
      name: 'first-resnet50',
      what: 'ResNet50, onednn, start to first result, ms',
      ...resnet50,
      ...first,
      engine: 'onednn',
      target: 0.6,
    },
    {
      name: 'first-detector',
      what: 'PicoDet-S 320, onednn, start to first result, ms',
      ...detector,
      ...first,
      engine: 'onednn',
      target: 0.6,
    },
  ].filter((job) => job.program !== undefined);
}

/** Runs one side once; the time until its reply is its cold start. */
function ask(command, script, job) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, [path.join(here, script), JSON.stringify(job)], { stdio: ['ignore', 'pipe', 'pipe'] });
    let answer;
    let text = '';
    let complaints = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (text.includes('\n')) answer ??= { ...JSON.parse(text), coldMs: performance.now() - started };
    });
    child.stderr.on('data', (chunk) => {
      complaints = (complaints + chunk).slice(-2000);
    });
    child.once('close', () => (answer ? resolve(answer) : reject(new Error(`${script}: ${complaints}`))));
  });
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

async function compare(job) {
  const sides = { ours: [], theirs: [] };
  // The first run of each warms the file system's caches and fills the trial cache.
  for (let round = 0; round <= rounds; round++) {
    const ours = await ask(process.execPath, 'ours.cjs', job);
    const theirs = await ask(python, 'theirs.py', job);
    if (round === 0) continue;
    sides.ours.push(ours);
    sides.theirs.push(theirs);
  }
  const value = ({ times, coldMs }) => (times ? median(times) : coldMs);
  const rows = [row(job.what, sides, value, job.target)];
  if (job.kind === 'first') {
    rows.push(
      row(job.what.replace('start to first result, ms', 'peak memory, MiB'), sides, (side) => side.peakMiB, 0.8),
    );
  }
  return rows;
}

function row(what, { ours, theirs }, value, target) {
  const [a, b] = [median(ours.map(value)), median(theirs.map(value))];
  const show = (number) => number.toPrecision(4);
  return {
    what,
    paddlelab: show(a),
    python: show(b),
    ratio: (a / b).toFixed(3),
    target: `≤ ${target}`,
    met: a / b <= target,
  };
}

async function main(names) {
  if (!existsSync(python)) throw new Error(`Expected Python's Paddle at ${python}; see the beginning of this file`);
  const { stdout } = spawnSync(python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'], {
    encoding: 'utf8',
  });
  const runtime = path.join(stdout.trim(), 'paddle');
  const wanted = jobs(models()).filter((job) => names.length === 0 || names.includes(job.name));
  const rows = [];
  for (const job of wanted) {
    console.error(`measuring ${job.what} …`);
    rows.push(...(await compare({ ...job, runtime, cache: scratch })));
  }
  console.table(rows);
}

try {
  await main(process.argv.slice(2));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
