import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadModel, withModel } from '../../src';
import { demoModel } from '../helpers/project';
import { ServedProcess } from '../serve/served-process';
import { damage } from './hostile-requests';

/** `PADDLELAB_SOAK_MINUTES=60` for an hour. */
const minutes = Number(process.env.PADDLELAB_SOAK_MINUTES ?? 10);
const clients = 4;
/** Growth from the end of the first quarter to the end. */
const mostGrowth = 32 * 2 ** 20;

const detector = demoModel('shapes_det_picodet');

let server: ServedProcess;
beforeAll(async () => {
  const models = [`shapes=${detector}`, `classes=${demoModel('shapes_cls_mbv3s')}`];
  server = await ServedProcess.start([...models, '--sessions', '2', '--max-batch', '4', '--log', 'error']);
});
afterAll(async () => {
  server?.child.kill('SIGKILL');
  await server?.ended;
});

test(`${minutes} minutes of work: every result is right, memory is flat`, {
  timeout: (minutes + 5) * 60_000,
}, async () => {
  const { inputs, expected } = await withModel(
    detector,
    async (model) => {
      const prepared = await model.preprocess({ width: 64, height: 64, data: new Uint8Array(64 * 64 * 3).fill(90) });
      return { inputs: prepared.inputs, expected: await model.session.run(prepared.inputs) };
    },
    { engine: 'plain', threads: 1, trial: false },
  );
  const bits = ({ data }: { readonly data: ArrayBufferView }): Buffer =>
    Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const end = performance.now() + minutes * 60_000;
  const memory: number[] = [];
  let runs = 0;
  const works = Array.from({ length: clients }, async (_, client) => {
    const binary = client % 2 === 0;
    while (performance.now() < end) {
      // A client of its own for some time, so that connections come and go.
      const backend = { kind: 'open-inference', url: server.url, model: 'shapes', binary } as const;
      const model = await loadModel(detector, { backend });
      for (let i = 0; i < 200 && performance.now() < end; i++, runs++) {
        const outputs = await model.session.run(inputs);
        const same = outputs.every((output, n) => bits(output).equals(bits(expected[n]!)));
        expect({ runs, same }).toEqual({ runs, same: true });
        if (i % 20 === client) await fetch(`${server.url}/metrics`).then((answer) => answer.text());
        if (i % 50 === client) await malformed(runs);
      }
      await model.dispose();
      await fetch(`${server.url}/v2/repository/models/classes/${client % 2 === 0 ? 'load' : 'unload'}`, {
        method: 'POST',
      });
      memory.push(server.memory());
    }
  });
  await Promise.all(works);
  const quarter = memory.slice(0, Math.ceil(memory.length / 4));
  const last = memory.slice(-Math.ceil(memory.length / 4));
  const growth = Math.min(...last) - Math.max(...quarter);
  const shown = memory.map((bytes) => (bytes / 2 ** 20).toFixed(0)).join(' ');
  process.stderr.write(`${runs} runs in ${minutes} minutes; MiB: ${shown}\n`);
  expect(growth).toBeLessThan(mostGrowth);
  expect(await server.stop()).toBe(0);
  expect(server.stderr()).toBe('');
});

/** A wrong request that is answered at once. */
async function malformed(seed: number): Promise<void> {
  const { parts } = damage(seed - (seed % 16) + 5);
  const answer = await fetch(`${server.url}/v2/models/shapes/infer`, { method: 'POST', body: Buffer.from(parts[1]!) });
  await answer.arrayBuffer();
  expect(answer.status).toBe(400);
}
