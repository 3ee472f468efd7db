// Two workers of a queue with one thread each, against one process with both: a folder of JPEGs with the demo detector, on two
// cores, alternating on the same machine. Workers run before the clock starts, as they do; the one process has its model loaded when
// its first image is begun. It has both cores in two ways, of which the faster one counts: two predictions at once (the default,
// where cores are idle) and one with two threads. Times are those of the run's own last line, from the first image to the last, and of the whole commands.
//
//   node test/bench/queue.mjs [images] [rounds]
//
// Needs a build (npm run build) and redis-server. On a machine with other load: chrt -r 20 node test/bench/queue.mjs

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname ?? '.', '../..');
const sharp = createRequire(path.join(root, 'package.json'))('sharp');
const count = Number(process.argv[2] ?? 400);
const rounds = Number(process.argv[3] ?? 3);
const scratch = mkdtempSync(path.join(os.tmpdir(), 'paddlelab-bench-'));
const model = path.join(root, 'notebooks/models/shapes_det_picodet');
const children = [];
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

function start(command, argv) {
  const child = spawn(command, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  child.text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      child.text += text;
      child.emit('said');
    });
  }
  child.ended = new Promise((resolve) => child.once('close', resolve));
  child.said = (text) =>
    new Promise((resolve, reject) => {
      const look = () => child.text.includes(text) && resolve();
      child.on('said', look).once('close', () => reject(new Error(child.text)));
      look();
    });
  return child;
}

const cli = (...argv) => start(process.execPath, [path.join(root, 'dist/cli/main.js'), ...argv]);

async function makeImages() {
  const folder = path.join(scratch, 'images');
  mkdirSync(folder);
  const sources = readdirSync(path.join(root, 'notebooks/images')).filter((name) => /\.(png|jpe?g)$/.test(name));
  for (let i = 0; i < count; i++) {
    await sharp(path.join(root, 'notebooks/images', sources[i % sources.length]))
      .resize([640, 800, 500][i % 3])
      .flatten()
      .jpeg({ quality: 90 })
      .toFile(path.join(folder, `${String(i).padStart(4, '0')}.jpg`));
  }
  return folder;
}

/** Images per second: by the run's own last line, and of the whole command. */
async function measure(name, images, ...more) {
  const out = path.join(scratch, name);
  rmSync(out, { recursive: true, force: true });
  const started = performance.now();
  const argv = ['infer', model, images, '--engine=plain', '--save=picture,jsonl,csv', '--output-dir', out, ...more];
  const child = cli(...argv);
  if ((await child.ended) !== 0) throw new Error(child.text);
  const whole = (count / (performance.now() - started)) * 1000;
  return { own: Number(/([\d.]+) images\/s/.exec(child.text)[1]), whole };
}

const port = await new Promise((resolve) => {
  const server = net.createServer().listen(0, '127.0.0.1', () => {
    const { port: free } = server.address();
    server.close(() => resolve(free));
  });
});

try {
  const images = await makeImages();
  await start('redis-server', ['--port', port, '--dir', scratch, '--appendonly', 'yes', '--save', '']).said(
    'Ready to accept',
  );
  const queue = ['--queue', `redis://127.0.0.1:${port}`, '--root', '/'];
  const workers = [1, 2].map(() => cli('worker', ...queue, '--concurrency=1', '--cpu-threads=1'));
  await Promise.all(workers.map((worker) => worker.said('at once')));
  // Models are loaded by the first run.
  await measure('warm', images, ...queue);
  const results = { two: [], wide: [], queue: [] };
  for (let round = 0; round < rounds; round++) {
    results.two.push(await measure('two', images, '--cpu_threads=2'));
    results.wide.push(await measure('wide', images, '--cpu_threads=2', '--parallel=1'));
    results.queue.push(await measure('queued', images, ...queue));
  }
  const rate = (name, key) => median(results[name].map((one) => one[key]));
  console.log(`${count} images, ${rounds} rounds, ${os.availableParallelism()} cores; medians in images/s`);
  for (const key of ['own', 'whole']) {
    const [two, wide, many] = [rate('two', key), rate('wide', key), rate('queue', key)];
    const what = key === 'own' ? 'from the first image to the last' : 'whole commands';
    console.log(
      `${what}: two at once ${two.toFixed(1)}, two threads ${wide.toFixed(1)}, two workers ${many.toFixed(1)}: ${(many / Math.max(two, wide)).toFixed(2)} ×`,
    );
  }
} finally {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(children.map((child) => child.ended));
  rmSync(scratch, { recursive: true, force: true });
}
