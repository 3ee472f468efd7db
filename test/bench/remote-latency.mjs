// What `paddlelab serve` on this machine adds to a run of the demo detector: local runs, and runs over HTTP and gRPC with
// and without shared memory alternate in one process.
// usage: [chrt -r 20] node test/bench/remote-latency.mjs [RUNS] [URL…]
//        URL: of other servers that have the model as "shapes", http:// or grpc://, with "shm:" before it for shared
//        memory; otherwise ours is started.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const { loadModel } = createRequire(import.meta.url)(root);
const folder = path.join(root, 'notebooks/models/shapes_det_picodet');
const [runs = '400', ...given] = process.argv.slice(2);
const count = Number(runs);

const child = given.length === 0 ? fork(path.join(root, 'test/bench/remote-latency-server.mjs'), [folder]) : undefined;
const own = child === undefined ? [] : (await once(child, 'message'))[0];
const urls = child === undefined ? given : own.flatMap((url) => [url, `shm:${url}`]);
const local = await loadModel(folder, { engine: 'onednn', threads: 1, trial: false });
const remotes = await Promise.all(
  urls.map((given) => {
    const url = given.replace(/^shm:/, '');
    return loadModel(folder, {
      backend: { kind: 'open-inference', url, model: 'shapes', sharedMemory: url !== given },
    });
  }),
);
const { inputs } = await local.preprocess(path.join(root, 'notebooks/images/shapes.png'));

async function timed(model) {
  const started = performance.now();
  await model.session.run(inputs);
  return performance.now() - started;
}
const models = [local, ...remotes];
const times = models.map(() => []);
for (let i = -50; i < count; i++) {
  for (const [at, model] of models.entries()) {
    const ms = await timed(model);
    if (i >= 0) times[at].push(ms);
  }
}
const at = (list, share) => [...list].sort((a, b) => a - b)[Math.floor(share * (list.length - 1))];
function row(name, list) {
  const [low, middle, high] = [0.1, 0.5, 0.9].map((share) => at(list, share).toFixed(2));
  console.log(`${name.padEnd(32)} median ${middle} ms, p10 ${low}, p90 ${high}`);
}
const [alone, ...others] = times;
row('local', alone);
for (const [i, list] of others.entries()) {
  row(urls[i], list);
  row(
    '  added',
    list.map((ms, run) => ms - alone[run]),
  );
}
console.log(`${count} runs each; the server: ${remotes[0].runtime.library}`);
await Promise.all(models.map((model) => model.dispose()));
child?.disconnect();
