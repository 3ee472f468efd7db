// Preprocessing a 1920×1080 picture for a 608×608 detector (decoding excluded), against the Python script's operators
// on the same machine. Prints the medians and their ratio: node test/bench/preprocess.mjs (needs a build).
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureOpenCv } from '../helpers/opencv-env.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const { runPipeline } = require('../../dist/preprocess/pipeline.js');
const { readPreprocess } = require('../../dist/preprocess/registry.js');
const { parseYaml } = require('../../dist/model/yaml-file.js');

const [width, height, side, repetitions] = [1920, 1080, 608, 15];
const interpolations = { 1: 'linear', 2: 'cubic', 3: 'area' };
/** Python and Node take turns, so that both see the same machine. */
const rounds = 7;

function configuration(interpolation) {
  return `
- {type: Resize, target_size: [${side}, ${side}], keep_ratio: false, interp: ${interpolation}}
- {type: NormalizeImage, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], is_scale: true}
- {type: Permute}
`;
}

function picture() {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) data[i++] = (37 * y + 59 * x + 83 * c + 11 * x * y) % 256;
    }
  }
  return { width, height, data };
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

async function timeNode(image, interpolation) {
  const steps = readPreprocess(parseYaml(configuration(interpolation), 'bench.yml'), 'PaddleDetection 2.x', 'YOLO');
  const times = [];
  let sum = 0;
  for (let i = 0; i < repetitions; i++) {
    const started = performance.now();
    const { image: tensor } = await runPipeline(image, steps);
    times.push(performance.now() - started);
    if (i === 0) sum = tensor.data.reduce((total, value) => total + value, 0);
  }
  return { ms: median(times), sum };
}

function timePython(python, interpolation) {
  const args = [path.join(here, 'preprocess.py'), width, height, side, interpolation, repetitions].map(String);
  const { status, stdout, stderr } = spawnSync(python, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const [ms, sum] = stdout.trim().split(' ').map(Number);
  return { ms, sum };
}

const python = ensureOpenCv();
if (python === undefined) process.exit(1);
const image = picture();
console.log(`${width}×${height} → ${side}×${side}, medians of ${rounds} × ${repetitions} runs`);
for (const [code, name] of Object.entries(interpolations)) {
  const found = { python: [], node: [], ratio: [] };
  let difference = 0;
  for (let round = 0; round < rounds; round++) {
    const theirs = timePython(python, code);
    const ours = await timeNode(image, Number(code));
    found.python.push(theirs.ms);
    found.node.push(ours.ms);
    found.ratio.push(ours.ms / theirs.ms);
    difference = Math.abs(theirs.sum - ours.sum);
  }
  const [theirs, ours, ratio] = [found.python, found.node, found.ratio].map(median);
  console.log(
    `${name.padEnd(7)} Python ${theirs.toFixed(2)} ms, paddlelab ${ours.toFixed(2)} ms, ` +
      `ratio ${ratio.toFixed(3)} (sums of the tensors differ by ${difference.toFixed(3)})`,
  );
}
