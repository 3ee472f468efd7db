// What a server on this machine adds to a run of the demo detector: local and remote runs alternate in one process.
// usage: [chrt -r 20] node test/bench/remote-latency.mjs [RUNS] [URL]
//        URL: of another server that has the model as "shapes", http:// or grpc://; otherwise one is started.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const { loadModel } = createRequire(import.meta.url)(root);
const folder = path.join(root, 'notebooks/models/shapes_det_picodet');
const [runs = '400', given] = process.argv.slice(2);
const count = Number(runs);

const child = given === undefined ? fork(path.join(root, 'test/bench/remote-latency-server.mjs'), [folder]) : undefined;
const url = given ?? (await once(child, 'message'))[0];
const local = await loadModel(folder, { engine: 'onednn', threads: 1, trial: false });
const remote = await loadModel(folder, { backend: { kind: 'open-inference', url, model: 'shapes' } });
const { inputs } = await local.preprocess(path.join(root, 'notebooks/images/shapes.png'));

async function timed(model) {
  const started = performance.now();
  await model.session.run(inputs);
  return performance.now() - started;
}
const times = { local: [], remote: [] };
for (let i = -50; i < count; i++) {
  const pair = [await timed(local), await timed(remote)];
  if (i < 0) continue;
  times.local.push(pair[0]);
  times.remote.push(pair[1]);
}
const at = (list, share) => [...list].sort((a, b) => a - b)[Math.floor(share * (list.length - 1))];
const added = times.remote.map((ms, i) => ms - times.local[i]);
for (const [name, list] of Object.entries({ ...times, added })) {
  const [low, middle, high] = [0.1, 0.5, 0.9].map((share) => at(list, share).toFixed(2));
  console.log(`${name.padEnd(7)} median ${middle} ms, p10 ${low}, p90 ${high} (${list.length} runs)`);
}
console.log(`remote: ${remote.runtime.library}`);
await Promise.all([local.dispose(), remote.dispose()]);
child?.disconnect();
