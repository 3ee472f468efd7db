// Compares the trackers with PaddleDetection's own, 200 objects a frame, both on the same frames in one run, alternating:
// `node test/bench/tracking.mjs CHECKOUT_OF_PADDLEDETECTION [PYTHON]`. The Python needs numpy, scipy and lap, and no numba.
// Exits with 1 if the target is missed.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const { createTracker } = require(path.resolve(here, '../..'));

const [checkout, python = 'python3'] = process.argv.slice(2);
const [rounds, length, count, target] = [3, 100, 200, 0.25];
if (checkout === undefined) throw new Error('Expected the folder of a checkout of PaddleDetection');

/** Objects that move over a large picture, a tenth of them missed in each frame: `[class, score, x1, y1, x2, y2]`. */
function makeFrames() {
  let seed = 1;
  const random = () => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed / 2147483648;
  };
  const objects = Array.from({ length: count }, () => ({
    ...{ x: random() * 3700, y: random() * 2000, w: 30 + random() * 60, h: 60 + random() * 90 },
    ...{ vx: random() * 12 - 6, vy: random() * 8 - 4 },
  }));
  return Array.from({ length }, () =>
    objects.flatMap((object) => {
      object.x += object.vx + random() - 0.5;
      object.y += object.vy + random() - 0.5;
      const { x, y, w, h } = object;
      return random() < 0.1 ? [] : [[0, 0.3 + 0.69 * random(), x, y, x + w, y + h]];
    }),
  );
}

const frames = makeFrames();
const inputs = frames.map((frame) =>
  frame.map(([classId, score, ...box]) => ({ classId, label: 'person', score, box })),
);

function ours(name) {
  const tracker = createTracker(name);
  const began = performance.now();
  for (const frame of inputs) tracker.update(frame);
  return (performance.now() - began) / 1000;
}

function theirs() {
  const script = path.join(here, 'tracking.py');
  const { status, stdout, stderr } = spawnSync(python, [script, checkout], {
    input: JSON.stringify({ frames }),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return new Map(
    stdout
      .trim()
      .split('\n')
      .map((line) => [line.split(' ')[0], Number(line.split(' ')[1])]),
  );
}

const names = ['bytetrack', 'oc-sort', 'bot-sort'];
const times = new Map(names.map((name) => [name, { ours: [], theirs: [] }]));
for (let round = 0; round < rounds; round++) {
  const python = theirs();
  for (const name of names) {
    times.get(name).theirs.push(python.get(name));
    times.get(name).ours.push(ours(name));
  }
}
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
let missed = false;
for (const [name, { ours, theirs }] of times) {
  const [own, other] = [median(ours), median(theirs)].map((seconds) => (seconds / length) * 1000);
  missed ||= own / other > target;
  console.log(
    `${name}: ${own.toFixed(2)} ms a frame, PaddleDetection's ${other.toFixed(2)} ms: ${(own / other).toFixed(3)} (target ${target})`,
  );
}
process.exitCode = missed ? 1 : 0;
