// Throughput of `paddlelab serve` with eight clients, against Triton (nvidia-pytriton) that runs the same model with Python's
// paddle.inference: in turns, on the same cores, with the same engine.
// usage: [chrt -r 20] node test/bench/serve.mjs [SECONDS] [ENGINE]
// Triton's environment is made by `npm run test:long -- test/long/real-servers.test.ts`; without it only ours is measured.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const require = createRequire(import.meta.url);
const { loadModel } = require(root);
const { readProgram } = require(path.join(root, 'dist/inference/model-files.js'));
const directory = path.join(root, 'notebooks/models/shapes_det_picodet');
const image = path.join(root, 'notebooks/images/shapes.png');
const [seconds = '10', engine = 'onednn'] = process.argv.slice(2);
const clients = 8;
const rounds = 3;

const { spec, preprocess, dispose } = await loadModel(directory, { engine, threads: 1, trial: false }).then(
  (model) => ({
    spec: model.spec,
    preprocess: () => model.preprocess(image),
    dispose: () => model.dispose(),
  }),
);
const { inputs } = await preprocess();
await dispose();

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function ours() {
  const port = await freePort();
  const words = [
    'dist/cli/main.js',
    'serve',
    `shapes=${directory}`,
    '--port',
    port,
    '--engine',
    engine,
    '--log',
    'warn',
  ];
  return {
    name: 'paddlelab',
    port,
    child: spawn(process.execPath, words.map(String), { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] }),
  };
}

async function triton(folder) {
  const python = path.join(root, '.cache/python-pytriton/bin/python');
  if (!existsSync(python)) return undefined;
  const port = await freePort();
  const { program, params } = spec.files;
  const settings = path.join(folder, 'paddle.json');
  const threads = os.availableParallelism();
  const ports = { httpPort: port, grpcPort: await freePort() };
  const served = {
    model: 'shapes',
    engine,
    threads,
    program,
    params,
    folder,
    inputs: (await readProgram(program)).outline.inputs,
  };
  writeFileSync(settings, JSON.stringify({ ...served, ...ports }));
  const script = path.join(root, 'test/helpers/model-servers/triton.py');
  return {
    name: 'Triton',
    port,
    child: spawn(python, [script, settings, folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true }),
  };
}

async function ready({ port, child }) {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    const answer = await fetch(`http://127.0.0.1:${port}/v2/models/shapes/ready`).catch(() => undefined);
    if (answer?.ok) return;
    await setTimeout(200);
  }
}

/** Milliseconds of each run within the time, by eight clients that each wait for their answer. */
async function load(model, ms) {
  const times = [];
  const end = performance.now() + ms;
  const client = async () => {
    while (performance.now() < end) {
      const started = performance.now();
      await model.session.run(inputs);
      times.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return times;
}

// Triton's sockets need short paths.
const folder = mkdtempSync('/tmp/pl-');
const servers = [await ours(), await triton(folder)].filter((server) => server !== undefined);
try {
  const found = new Map();
  for (const server of servers) {
    await ready(server);
    server.model = await loadModel(directory, {
      backend: { kind: 'open-inference', url: `http://127.0.0.1:${server.port}`, model: 'shapes' },
    });
    await load(server.model, 2000);
    found.set(server.name, []);
  }
  for (let round = 0; round < rounds; round++) {
    for (const { name, model } of servers) found.get(name).push(await load(model, 1000 * Number(seconds)));
  }
  for (const [name, all] of found) {
    const rates = all.map((times) => times.length / Number(seconds)).sort((a, b) => a - b);
    const times = all.flat().sort((a, b) => a - b);
    const at = (share) => times[Math.floor(share * (times.length - 1))].toFixed(1);
    console.log(
      `${name.padEnd(10)} ${rates[1].toFixed(1)} runs/s, median ${at(0.5)} ms, p99 ${at(0.99)} ms (${times.length} runs)`,
    );
  }
  for (const { model } of servers) await model.dispose();
} finally {
  for (const { child } of servers) child.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
