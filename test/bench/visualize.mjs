// Compares drawing with supervision with OpenCV, both on the same objects in the same run, alternating:
// `node test/bench/visualize.mjs`. Exits with 1 if a target is missed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../..');
const require = createRequire(import.meta.url);
const { visualize, encodeRle } = require(root);
const sharp = require('sharp');

const rounds = 5;
const targets = { png: 0.3, frame: 0.8, framesPerSecond: 100 };

/** A separate environment, created once. */
function ensurePython() {
  const folder = path.join(root, '.cache', 'python-supervision');
  const python = path.join(folder, 'bin', 'python');
  const works = () => existsSync(python) && spawnSync(python, ['-c', 'import supervision, cv2']).status === 0;
  if (works()) return python;
  console.error('Installing supervision and OpenCV to compare with …');
  spawnSync('python3', ['-m', 'venv', folder]);
  spawnSync(python, ['-m', 'pip', 'install', '--quiet', 'supervision==0.31.0', 'opencv-python-headless']);
  if (works()) return python;
  console.error("SKIPPED: supervision can't be installed here");
  return undefined;
}

/** Ellipses in a grid, each a quarter larger than its cell, so that neighbours overlap. */
function makeObjects(width, height, columns, rows) {
  const objects = [];
  for (let index = 0; index < columns * rows; index++) {
    const [w, h] = [width / columns, height / rows];
    const [x, y] = [(index % columns) * w, Math.floor(index / columns) * h];
    const box = [x - w / 8, y - h / 8, x + (w * 9) / 8, y + (h * 9) / 8];
    const clipped = [Math.max(0, box[0]), Math.max(0, box[1]), Math.min(width, box[2]), Math.min(height, box[3])];
    objects.push({ classId: index % 20, score: 0.99 - index / 200, box: clipped, ellipse: box });
  }
  return objects;
}

function withMask(object, width, height) {
  const [x1, y1, x2, y2] = object.ellipse;
  const data = new Uint8Array(width * height);
  for (let y = Math.max(0, Math.floor(y1)); y < Math.min(height, y2); y++) {
    for (let x = Math.max(0, Math.floor(x1)); x < Math.min(width, x2); x++) {
      const [dx, dy] = [(2 * x + 1 - x1 - x2) / (x2 - x1), (2 * y + 1 - y1 - y2) / (y2 - y1)];
      if (dx * dx + dy * dy <= 1) data[y * width + x] = 1;
    }
  }
  return { ...object, label: `class ${object.classId}`, mask: encodeRle({ width, height, data }) };
}

function resultOf(kind, width, height, detections) {
  const timings = { decodeMs: 0, preprocessMs: 0, inferenceMs: 0, postprocessMs: 0 };
  const labels = Array.from({ length: 20 }, (_, index) => `class ${index}`);
  return { kind, image: { width, height }, threshold: 0, labels, timings, detections };
}

async function median(count, run) {
  const times = [];
  for (let index = 0; index < count; index++) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[count >> 1];
}

/** A Python process that measures on request. */
function startPython(python, folder) {
  const child = spawn(python, [path.join(here, 'visualize.py'), folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = require('node:readline').createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    ask: async (what) => {
      child.stdin.write(`${what}\n`);
      return Number((await lines.next()).value);
    },
    end: () => child.stdin.end(),
  };
}

const photo = path.join(root, 'test/golden/images/f_rgb_640x480.jpg');
const pixels = async (width, height) =>
  await sharp(photo).resize(width, height, { fit: 'fill' }).removeAlpha().raw().toBuffer();
const large = { width: 1920, height: 1080, data: await pixels(1920, 1080) };
const small = { width: 1280, height: 720, data: await pixels(1280, 720) };
const fifty = makeObjects(1920, 1080, 10, 5).map((object) => withMask(object, 1920, 1080));
const ten = makeObjects(1280, 720, 5, 2).map(({ ellipse, ...object }) => ({
  ...object,
  label: `class ${object.classId}`,
}));
const masked = resultOf('instance-segmentation', 1920, 1080, fifty);
const boxed = resultOf('detection', 1280, 720, ten);

const ours = {
  draw: async () => await visualize(large, masked),
  png: async () => await (await visualize(large, masked)).toBuffer('png'),
  frame: async () => (await visualize(small, boxed)).dispose(),
};

const folder = path.join(root, '.cache', 'bench-visualize');
mkdirSync(folder, { recursive: true });
writeFileSync(path.join(folder, 'large.rgb'), large.data);
writeFileSync(path.join(folder, 'small.rgb'), small.data);
writeFileSync(path.join(folder, 'objects.json'), JSON.stringify({ fifty, ten }));
const python = ensurePython();
const rival = python === undefined ? undefined : startPython(python, folder);

const times = {};
for (let round = 0; round < rounds; round++) {
  for (const [name, count] of [
    ['draw', 5],
    ['png', 5],
    ['frame', 50],
  ]) {
    times[name] ??= { ours: [], theirs: [] };
    times[name].ours.push(await median(count, ours[name]));
    if (rival !== undefined) times[name].theirs.push(await rival.ask(name));
  }
}
rival?.end();

const middle = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const names = { draw: '50 boxes with masks, 1920×1080', png: 'the same as PNG', frame: '10 boxes, 1280×720' };
for (const [name, { ours: mine, theirs }] of Object.entries(times)) {
  const rest =
    theirs.length === 0
      ? ''
      : `, supervision ${middle(theirs).toFixed(1)} ms, ratio ${(middle(mine) / middle(theirs)).toFixed(2)}`;
  console.log(`${names[name]}: ${middle(mine).toFixed(1)} ms${rest}`);
}
const cpu = process.cpuUsage();
const frames = 300;
for (let index = 0; index < frames; index++) await ours.frame();
const spent = process.cpuUsage(cpu);
const perCore = (frames * 1e6) / (spent.user + spent.system);
console.log(`frames a second of one core: ${perCore.toFixed(0)}`);
const ratio = ({ ours: mine, theirs }) => (theirs.length === 0 ? 0 : middle(mine) / middle(theirs));
const missed = ratio(times.png) > targets.png || ratio(times.frame) > targets.frame;
process.exitCode = missed || perCore < targets.framesPerSecond ? 1 : 0;
