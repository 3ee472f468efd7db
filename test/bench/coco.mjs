// COCO's figures of a large data set, in ours and in pycocotools, in turns.
//
//   PYTHON=env/bin/python node test/bench/coco.mjs [images] [detections per image] [bbox|segm]
//
// PYTHON has pycocotools (the long tests keep one in .cache/python-coco). Timed in both: from the parsed records to the
// twelve figures. Also printed: our longest hold of the event loop, our growth in memory, and 200 resamples.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const require = createRequire(import.meta.url);
const here = path.dirname(new URL(import.meta.url).pathname);
const dist = path.resolve(here, '../../dist');
const { objectEvaluator } = require(path.join(dist, 'metrics/tasks/objects.js'));
const { bootstrap } = require(path.join(dist, 'evaluate/interval.js'));
const { encodeRle } = require(path.join(dist, 'image/rle.js'));
const [images = 5000, perImage = 100, kind = 'bbox'] = [
  Number(process.argv[2] ?? 5000),
  Number(process.argv[3] ?? 100),
  process.argv[4],
];
const python = process.env.PYTHON ?? path.resolve(here, '../../.cache/python-coco/bin/python');
const [categories, objects, width, height, rounds] = [80, 7, 640, 480, 3];

let state = 1;
function random() {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
}
const whole = (most) => Math.floor(random() * most);

function randomBox() {
  const [w, h] = [4 + whole(200), 4 + whole(200)];
  return [whole(width - w), whole(height - h), w, h];
}
/** A detection of a true object, or one of nothing. */
function nearBox([x, y, w, h]) {
  const moved = () => (random() - 0.5) * 0.3;
  return [x + moved() * w, y + moved() * h, w * (1 + moved()), h * (1 + moved())];
}
function maskOf([x, y, w, h]) {
  const data = new Uint8Array(width * height);
  for (let row = Math.max(0, Math.round(y)); row < Math.min(height, y + h); row++) {
    data.fill(1, row * width + Math.max(0, Math.round(x)), row * width + Math.min(width, Math.round(x + w)));
  }
  return encodeRle({ width, height, data });
}

const scenes = Array.from({ length: images }, () => {
  const truths = Array.from({ length: 1 + whole(2 * objects - 1) }, () => ({
    classId: whole(categories),
    box: randomBox(),
  }));
  const found = Array.from({ length: perImage }, () => {
    const truth = truths[whole(truths.length)];
    const right = random() < 0.3;
    const classId = right ? truth.classId : whole(categories);
    return { classId, score: Math.fround(random()), box: right ? nearBox(truth.box) : randomBox() };
  });
  if (kind === 'segm') for (const one of [...truths, ...found]) one.mask = maskOf(one.box);
  return { truths, found };
});

const folder = mkdtempSync(path.join(os.tmpdir(), 'paddlelab-coco-'));
const [truthFile, foundFile] = ['truth.json', 'found.json'].map((name) => path.join(folder, name));
const image_ids = scenes.map((_, image) => image + 1);
writeFileSync(
  truthFile,
  JSON.stringify({
    images: image_ids.map((id) => ({ id, width, height, file_name: `${id}.png` })),
    categories: Array.from({ length: categories }, (_, id) => ({ id, name: `c${id}` })),
    annotations: scenes.flatMap(({ truths }, i) =>
      truths.map(({ classId, box, mask }, n) => ({
        ...{
          id: i * 1000 + n + 1,
          image_id: i + 1,
          category_id: classId,
          bbox: box,
          area: box[2] * box[3],
          iscrowd: 0,
        },
        ...(mask && { segmentation: mask }),
      })),
    ),
  }),
);
writeFileSync(
  foundFile,
  JSON.stringify(
    scenes.flatMap(({ found }, i) =>
      found.map(({ classId, score, box, mask }) => ({
        ...{ image_id: i + 1, category_id: classId, score },
        ...(mask ? { segmentation: mask } : { bbox: box }),
      })),
    ),
  ),
);

const upright = scenes.map(({ truths, found }) => ({
  result: {
    image: { width, height },
    detections: found.map(({ classId, score, box: [x, y, w, h], mask }) => ({
      classId,
      score,
      box: [x, y, x + w, y + h],
      mask,
    })),
  },
  truth: {
    kind: 'objects',
    objects: truths.map(({ classId, box, mask }) => ({
      classId,
      box,
      mask,
      area: box[2] * box[3],
      crowd: false,
      ignored: false,
    })),
  },
}));

async function ours() {
  const evaluator = objectEvaluator(
    kind === 'segm' ? 'masks' : 'boxes',
    { labels: [] },
    ({ detections }) => detections,
  );
  const begun = performance.now();
  for (const { result, truth } of upright) {
    evaluator.add(result, truth);
    // As in evaluate(), where reading and predicting come in between.
    await new Promise(setImmediate);
  }
  const { figures } = await evaluator.figures();
  return {
    seconds: (performance.now() - begun) / 1000,
    figures: figures.slice(0, 12).map(({ value }) => value ?? -1),
    evaluator,
  };
}

function theirs() {
  const { stdout, stderr, status } = spawnSync(python, [path.join(here, 'coco.py'), truthFile, foundFile, kind], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const mib = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
try {
  const ratios = [];
  let last;
  for (let round = 0; round < rounds; round++) {
    last = undefined;
    globalThis.gc?.();
    const before = process.memoryUsage();
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const own = await ours();
    delay.disable();
    globalThis.gc?.();
    const after = process.memoryUsage();
    const other = theirs();
    const off = Math.max(...own.figures.map((value, i) => Math.abs(value - other.figures[i])));
    ratios.push(own.seconds / other.seconds);
    const memory = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
    console.log(
      `${own.seconds.toFixed(2)} s against ${other.seconds.toFixed(2)} s, figures off by at most ${off.toExponential(1)}, ` +
        `longest hold ${(delay.max / 1e6).toFixed(0)} ms, kept ${mib(memory)} (${(memory / images / perImage).toFixed(0)} bytes a detection)`,
    );
    last = own.evaluator;
  }
  ratios.sort((a, b) => a - b);
  console.log(`ours / pycocotools: ${ratios[1].toFixed(3)} (${ratios[0].toFixed(3)} to ${ratios[2].toFixed(3)})`);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const begun = performance.now();
  const [interval] = await bootstrap([last], images);
  const seconds = (performance.now() - begun) / 1000;
  console.log(
    `200 resamples: ${seconds.toFixed(1)} s, longest hold ${(delay.max / 1e6).toFixed(0)} ms, interval ${interval.low.toFixed(4)} to ${interval.high.toFixed(4)}`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
