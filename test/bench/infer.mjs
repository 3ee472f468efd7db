// `paddlelab infer` against PaddleDetection's own deploy script: a folder of 200 JPEGs, from process start to end,
// alternating on the same machine.
//
//   PADDLE_DETECTION=<checkout> PADDLE_PYTHON=<python> node test/bench/infer.mjs [images] [part of a model's name]
//
// PADDLE_DETECTION is a checkout of PaddleDetection (release/2.8 or develop; only deploy/python is used), PADDLE_PYTHON
// the interpreter of an environment with paddlepaddle 2.6.2 and what the script imports: opencv-python-headless<4.11,
// 'numpy<2', pyyaml, pillow, scipy, imgaug, six, scikit-image, shapely. (Its develop script does not start on Paddle 3.3.)
// Needs a build (npm run build); the runtime of the same engine is the one in that environment.

import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname ?? '.', '../..');
const require = createRequire(path.join(root, 'package.json'));
const sharp = require('sharp');
const { PADDLE_DETECTION: checkout, PADDLE_PYTHON: python } = process.env;
const count = Number(process.argv[2] ?? 200);
const wanted = process.argv[3] ?? '';
const threads = os.availableParallelism();
const rounds = 3;
const scratch = mkdtempSync(path.join(os.tmpdir(), 'paddlelab-bench-'));

/** Sizes of photographs, made from the included pictures. */
async function makeImages() {
  const folder = path.join(scratch, 'images');
  mkdirSync(folder);
  const sources = readdirSync(path.join(root, 'notebooks/images')).filter((name) => /\.(png|jpe?g)$/.test(name));
  const widths = [640, 800, 1280, 1024, 500];
  for (let i = 0; i < count; i++) {
    const source = path.join(root, 'notebooks/images', sources[i % sources.length]);
    const file = path.join(folder, `${String(i).padStart(4, '0')}.jpg`);
    await sharp(source)
      .resize(widths[i % widths.length])
      .modulate({ brightness: 0.8 + (i % 7) / 15 })
      .flatten()
      .jpeg({ quality: 90 })
      .toFile(file);
  }
  return folder;
}

function models() {
  const list = [{ name: 'demo detector 256', folder: path.join(root, 'notebooks/models/shapes_det_picodet') }];
  const yolo = path.resolve(root, '../shared/models/arch/yolov3_mobilenet_v1_270e_coco');
  if (!existsSync(yolo)) {
    console.error('SKIPPED: YOLOv3-MobileNetV1 608, the shared material is not on this machine');
    return list;
  }
  const folder = path.join(scratch, 'yolov3');
  cpSync(yolo, folder, { recursive: true });
  const filled = spawnSync(python, [path.resolve(root, '../shared/models/fill_params.py'), folder], {
    stdio: 'ignore',
  });
  if (filled.status !== 0) throw new Error('Making weights for YOLOv3 failed');
  return [...list, { name: 'YOLOv3-MobileNetV1 608', folder }];
}

/** Duration of a command in seconds. */
function time(command, args) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let complaints = '';
    child.stderr.on('data', (chunk) => {
      complaints = (complaints + chunk).slice(-2000);
    });
    child.once('close', (code) => {
      if (code === 0) resolve((performance.now() - started) / 1000);
      else reject(new Error(`${command} ${args.join(' ')}: ${complaints}`));
    });
  });
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

async function compare({ name, folder }, images, runtime) {
  const common = [`--model_dir=${folder}`, `--image_dir=${images}`, '--device=CPU'];
  const onednn = (count) => ['--enable_mkldnn=True', `--cpu_threads=${count}`];
  const run = (side, command, args) => time(command, [...args, `--output_dir=${path.join(scratch, side)}`]);
  const script = [path.join(checkout, 'deploy/python/infer.py'), ...common];
  const ours = [path.join(root, 'dist/cli/main.js'), 'infer', ...common, '--overwrite'];
  const sides = {
    script: () => run('script', python, [...script, ...onednn(threads)]),
    plainScript: () => run('script', python, script),
    same: () => run('same', process.execPath, [...ours, ...onednn(threads), '--runtime', runtime]),
    clones: () =>
      run('clones', process.execPath, [...ours, ...onednn(1), `--parallel=${threads}`, '--runtime', runtime]),
    best: () => run('best', process.execPath, ours),
  };
  const seconds = Object.fromEntries(Object.keys(sides).map((side) => [side, []]));
  // The first round fills caches and chooses the engine.
  for (let round = 0; round <= rounds; round++) {
    for (const [side, start] of Object.entries(sides)) {
      const took = await start();
      if (round > 0) seconds[side].push(took);
    }
  }
  const rate = (side) => count / median(seconds[side]);
  const row = (what, side, rival, target) => ({
    model: name,
    what,
    'images/s': rate(side).toFixed(1),
    'PaddleDetection images/s': rate(rival).toFixed(1),
    ratio: (rate(side) / rate(rival)).toFixed(2),
    target: `≥ ${target}`,
    met: rate(side) / rate(rival) >= target,
  });
  return [
    row(`oneDNN, ${threads} threads in all`, 'same', 'script', 2),
    row(`oneDNN, 1 thread a predictor (the script's default), here ${threads} predictors`, 'clones', 'plainScript', 2),
    row(`our default engine, the script with oneDNN and ${threads} threads`, 'best', 'script', 4),
    row('no flags on either side', 'best', 'plainScript', 4),
  ];
}

async function main() {
  if (!checkout || !python)
    throw new Error('Expected PADDLE_DETECTION and PADDLE_PYTHON; see the beginning of this file');
  const purelib = spawnSync(python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'], {
    encoding: 'utf8',
  });
  const runtime = path.join(purelib.stdout.trim(), 'paddle');
  const images = await makeImages();
  const rows = [];
  for (const model of models().filter(({ name }) => name.includes(wanted))) {
    console.error(`measuring ${model.name} …`);
    rows.push(...(await compare(model, images, runtime)));
  }
  console.log(`${count} JPEGs, ${threads} cores, process start to end, medians of ${rounds}`);
  console.table(rows);
}

try {
  await main();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
