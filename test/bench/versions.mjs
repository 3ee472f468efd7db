// Compares this checkout with another one, such as the previous commit: each job in fresh processes of both,
// interleaved.
//
//   git worktree add ../before COMMIT, then in it: npm ci && npm run build
//   node test/bench/versions.mjs ../before [job…]     jobs: predict visualize encode infer import kernel
//
// Prints the median of the ratios (this / other; below 1 is faster) with its quartiles.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const here = path.dirname(new URL(import.meta.url).pathname);
const own = path.resolve(here, '../..');
const [otherFolder, ...names] = process.argv.slice(2);
if (otherFolder === undefined || !existsSync(path.join(otherFolder, 'dist/index.js'))) {
  console.error('Expected the folder of another checkout that is built: node test/bench/versions.mjs ../before');
  process.exit(2);
}
const other = path.resolve(otherFolder);
const pairs = 9;
const models = ['shapes_det_picodet', 'shapes_ins_maskrcnn', 'shapes_seg_ppliteseg', 'shapes_cls_mbv3s'];
const model = (name) => path.join(own, 'notebooks/models', name);
const image = path.join(own, 'notebooks/images/shapes.png');
const scratch = mkdtempSync(path.join(os.tmpdir(), 'paddlelab-versions-'));

/** The median time of a call in milliseconds, after `warmup` calls in the same process. */
const median = `async (call, seconds) => {
  for (let i = 0; i < 5; i++) await call();
  const times = [];
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) { const start = performance.now(); await call(); times.push(performance.now() - start); }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
}`;

function predictJob(name) {
  const body = `const model = await lab.loadModel(${JSON.stringify(model(name))}, { engine: 'onednn', threads: 1, trial: false });
    return median(() => lab.predict(model, ${JSON.stringify(image)}), 2);`;
  return [`predict ${name}`, script(body)];
}

const loaded = `const model = await lab.loadModel(${JSON.stringify(model('shapes_ins_maskrcnn'))}, { engine: 'plain', trial: false });
    const result = await lab.predict(model, ${JSON.stringify(image)}, { threshold: 0.1 });`;

const jobs = {
  predict: models.map(predictJob),
  visualize: [
    ['visualize', script(`${loaded} return median(() => lab.visualize(${JSON.stringify(image)}, result), 2);`)],
  ],
  encode: [
    [
      'picture as PNG',
      script(`${loaded} const picture = await lab.visualize(${JSON.stringify(image)}, result);
        return median(() => picture.toBuffer('png'), 2);`),
    ],
  ],
  infer: [['infer, 100 JPEGs', wholeProcess]],
  import: [['require', (root) => wall([process.execPath, '-e', `require(${JSON.stringify(root)})`])]],
  kernel: [
    ['kernel: start to first result', kernelScript('return first;')],
    ['kernel: a distinct cell', kernelScript('let n = 0; return median(() => kernel.execute((++n) + " + 1"), 4);')],
  ],
};

/** A job that runs a script in a process of a version; the script prints a number. */
function script(body) {
  return (root) => {
    const text = `const lab = require(${JSON.stringify(root)}); const median = ${median};
      (async () => { ${body} })().then((ms) => { console.log('ms', ms); process.exit(0); });`;
    return number([process.execPath, '-e', text]);
  };
}

function kernelScript(body) {
  return (root) => {
    const client = path.join(root, 'dist/repl/kernel-client.js');
    const text = `const { KernelClient } = require(${JSON.stringify(client)}); const median = ${median};
      (async () => {
        const start = performance.now();
        const kernel = KernelClient.start({ cwd: ${JSON.stringify(scratch)} });
        await kernel.ready();
        await kernel.execute('1');
        const first = performance.now() - start;
        const ms = await (async () => { ${body} })();
        await kernel.close();
        console.log('ms', ms);
      })();`;
    return number([process.execPath, '-e', text]);
  };
}

function wholeProcess(root) {
  const images = path.join(scratch, 'images');
  if (!existsSync(images)) {
    mkdirSync(images);
    for (let i = 0; i < 100; i++)
      cpSync(path.join(own, 'test/golden/images/f_rgb_640x480.jpg'), path.join(images, `${i}.jpg`));
  }
  const out = path.join(scratch, 'out');
  rmSync(out, { recursive: true, force: true });
  const options = ['--engine=onednn', '--cpu_threads=1', '--output-dir', out];
  return wall([
    process.execPath,
    path.join(root, 'dist/cli/main.js'),
    'infer',
    model('shapes_det_picodet'),
    images,
    ...options,
  ]);
}

function run([program, ...args]) {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', cwd: scratch });
  if (status !== 0) throw new Error(`${program} ${args[0]} failed: ${stderr}`);
  return stdout;
}

function number(command) {
  return Number(/ms ([\d.]+)/.exec(run(command))?.[1]);
}

function wall(command) {
  const start = performance.now();
  run(command);
  return performance.now() - start;
}

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.round((sorted.length - 1) * share)];
}

try {
  for (const [name, job] of Object.entries(jobs).flatMap(([key, list]) =>
    names.length === 0 || names.includes(key) ? list : [],
  )) {
    const ratios = [];
    let last = [0, 0];
    for (let pair = 0; pair < pairs; pair++) {
      // The order alternates, so that neither benefits from a warm machine.
      const order = pair % 2 === 0 ? [own, other] : [other, own];
      const times = new Map();
      for (const root of order) times.set(root, job(root));
      last = [times.get(own), times.get(other)];
      ratios.push(times.get(own) / times.get(other));
    }
    const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(ratios, share).toFixed(3));
    console.log(
      `${name.padEnd(32)} ${middle} (${low} to ${high}), last ${last.map((ms) => ms.toFixed(2)).join(' against ')} ms`,
    );
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
