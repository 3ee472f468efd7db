// The time of postprocessing compared with the network, and how long it blocks the event loop: for every architecture
// of the shared material with random weights, for the demo models, and for bottom-up keypoints on synthetic tensors.
// node test/bench/postprocess.mjs [NAME…]
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);
const lab = require(root);
const { readOutputs } = require(path.join(root, 'dist/model-io/model-io.js'));

const wanted = process.argv.slice(2);
/** A photograph's size. */
const image = await require('sharp')(path.join(root, 'notebooks/images/shapes.png'))
  .resize(2048, 1024, { fit: 'fill' })
  .png()
  .toBuffer();
const python = process.env.PADDLELAB_BENCH_PYTHON ?? 'python3';
const arch = path.resolve(root, '../shared/models/arch');
const folder = mkdtempSync(path.join(tmpdir(), 'paddlelab-bench-'));

/** SOLOv2 with random weights finds objects everywhere, and its masks of a usual image take 20 GB. */
const tooLarge = (name) => name.startsWith('solov2');

function print(name, networkMs, postprocessMs, longestMs) {
  const cells = [networkMs.toFixed(1), postprocessMs.toFixed(1), longestMs.toFixed(1)];
  console.log(`${name.padEnd(56)}${cells.map((cell) => cell.padStart(14)).join('')}`);
}

/** The duration of some work, and the longest time that it blocked the event loop, in milliseconds. */
async function holding(work) {
  let [longestMs, last, over] = [0, performance.now(), false];
  const turn = () => {
    const now = performance.now();
    longestMs = Math.max(longestMs, now - last);
    last = now;
    if (!over) setImmediate(turn);
  };
  setImmediate(turn);
  const began = performance.now();
  const result = await work();
  const ms = performance.now() - began;
  over = true;
  await new Promise((resolve) => setImmediate(resolve));
  return { result, ms, longestMs };
}

async function measureModel(name, directory) {
  const model = await lab.loadModel(directory, { engine: 'plain', trial: false });
  try {
    const pixels = await model.preprocess(image);
    const started = performance.now();
    const outputs = await model.predictor.run(pixels.inputs);
    const networkMs = performance.now() - started;
    const size = { image: pixels.image, threshold: 0.01 };
    await model.postprocess(outputs, size).catch(() => undefined);
    const { result, ms, longestMs } = await holding(async () => {
      try {
        await model.postprocess(outputs, size);
        return name;
      } catch (error) {
        return `${name} (${error.code})`;
      }
    });
    print(result, networkMs, ms, longestMs);
  } finally {
    await model.dispose();
  }
}

/** HigherHRNet on synthetic tensors, in its output size for a square image of 512 pixels. */
async function measureBottomUp(name, scale) {
  const [joints, side, candidates] = [17, 512, 30];
  const noise = (count, factor) =>
    Float32Array.from({ length: count }, (_, i) => (((i * 2654435761) % 1000003) / 1000003) * factor);
  const tensor = (shape, data) => ({
    name: 'out',
    dtype: data instanceof BigInt64Array ? 'int64' : 'float32',
    shape,
    data,
    lod: [],
  });
  const cells = BigInt64Array.from({ length: joints * candidates }, (_, i) => BigInt((i * 7919) % (side * side)));
  const outputs = [
    tensor([1, joints, side, side], noise(joints * side * side, scale)),
    tensor([1, joints, side, side, 1], noise(joints * side * side, scale * 40)),
    tensor([1, joints, candidates], noise(joints * candidates, scale)),
    tensor([1, joints, candidates], cells),
  ];
  const spec = {
    layout: 'made up',
    family: 'PaddleDetection 2.x',
    task: 'keypoints',
    arch: 'HigherHRNet',
    labels: [],
    preprocess: [],
    outputs: {},
    files: {},
  };
  const { ms, longestMs } = await holding(() =>
    readOutputs(spec, 'keypoints', outputs, { image: { width: 640, height: 480 } }),
  );
  print(name, Number.NaN, ms, longestMs);
}

console.log(`${''.padEnd(56)}${['network ms', 'postprocess', 'loop held'].map((cell) => cell.padStart(14)).join('')}`);
try {
  const demos = path.join(root, 'notebooks/models');
  const models = readdirSync(demos, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => [name, path.join(demos, name)]);
  for (const name of existsSync(arch) ? readdirSync(arch) : []) {
    if (name.endsWith('.json') || tooLarge(name) || (wanted.length > 0 && !wanted.includes(name))) continue;
    const home = path.join(folder, name);
    cpSync(path.join(arch, name), home, { recursive: true });
    execFileSync(python, [path.join(arch, '../fill_params.py'), home]);
    models.push([name, home]);
  }
  for (const [name, directory] of models) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    await measureModel(name, directory).catch((error) => console.log(`${name}: ${error.code} ${error.message}`));
    if (directory.startsWith(folder)) rmSync(directory, { recursive: true });
  }
  for (const [name, scale] of [
    ['HigherHRNet, usual numbers', 1],
    ['HigherHRNet, made-up weights', 1e9],
  ]) {
    if (wanted.length === 0 || wanted.includes(name)) await measureBottomUp(name, scale);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
