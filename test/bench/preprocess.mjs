// Preprocessing a 1920×1080 picture for a 608×608 detector (decoding excluded), against the Python script's operators
// on the same machine. Prints the best times, which are least affected by load, and the medians. Needs a build: npm run
// build && node test/bench/preprocess.mjs
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ensureOpenCv } from '../helpers/opencv-env.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const { returnToPool } = require('../../dist/preprocess/float-pool.js');
const { runPipeline } = require('../../dist/preprocess/pipeline.js');
const { readPreprocess } = require('../../dist/preprocess/operators.js');
const { parseYaml } = require('../../dist/yaml/yaml-file.js');

const [width, height, side] = [1920, 1080, 608];
const interpolations = { 1: 'linear', 2: 'cubic', 3: 'area' };
/** Python and Node alternate, so that both run under the same load; the first turns are warm-up. */
const [turns, warmUp] = [60, 10];

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

/** Returns a function that preprocesses once and returns the time. */
function startNode(image, interpolation) {
  const steps = readPreprocess(parseYaml(configuration(interpolation), 'bench.yml'), 'PaddleDetection 2.x', 'YOLO');
  return async () => {
    const started = performance.now();
    const { image: tensor } = await runPipeline(image, steps);
    const ms = performance.now() - started;
    const sum = () => tensor.data.reduce((total, value) => total + value, 0);
    // Like `predict` after its run.
    return { ms, sum, done: () => returnToPool(tensor.data) };
  };
}

/** The same for the Python operators, in a separate process. */
function startPython(python, interpolation) {
  const args = [path.join(here, 'preprocess.py'), width, height, side, interpolation].map(String);
  const child = spawn(python, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const run = async () => {
    child.stdin.write('\n');
    const [ms, sum] = (await lines.next()).value.split(' ').map(Number);
    return { ms, sum: () => sum };
  };
  return { run, end: () => child.stdin.end() };
}

const python = ensureOpenCv();
if (python === undefined) process.exit(1);
const image = picture();
console.log(`${width}×${height} → ${side}×${side}, milliseconds, ${turns} turns each`);
for (const [code, name] of Object.entries(interpolations)) {
  const theirs = startPython(python, code);
  const ours = startNode(image, Number(code));
  const found = { python: [], node: [], ratio: [] };
  let difference = 0;
  for (let turn = -warmUp; turn < turns; turn++) {
    const inPython = await theirs.run();
    const inNode = await ours();
    if (turn === -warmUp) difference = Math.abs(inPython.sum() - inNode.sum());
    inNode.done();
    if (turn < 0) continue;
    found.python.push(inPython.ms);
    found.node.push(inNode.ms);
    found.ratio.push(inNode.ms / inPython.ms);
  }
  theirs.end();
  const best = [found.python, found.node].map((values) => Math.min(...values));
  const middle = [found.python, found.node, found.ratio].map(median);
  const show = (python, node, ratio) =>
    `Python ${python.toFixed(2)}, paddlelab ${node.toFixed(2)}, ratio ${ratio.toFixed(3)}`;
  console.log(`${name}: sums of the tensors differ by ${difference.toFixed(3)}`);
  console.log(`  best   ${show(...best, best[1] / best[0])}`);
  console.log(`  median ${show(...middle)}`);
}
