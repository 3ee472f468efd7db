import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadModel, type ModelServer, serve } from '../../src';
import { demoModel, runProcess } from '../helpers/project';
import { ensurePackages } from '../helpers/python-packages';

const load = { engine: 'plain', threads: 1, trial: false } as const;
const folder = demoModel('shapes_cls_mbv3s');

let python: string | undefined;
let server: ModelServer;
beforeAll(async () => {
  python = await ensurePackages('python-tritonclient', { tritonclient: '2.73.0' }, ['tritonclient[grpc,http]']);
  server = await serve({ shapes: folder }, { port: 0, grpcPort: 0, load, sessions: 1, token: 'secret' });
}, 300_000);
afterAll(async () => {
  await server?.close();
});

test("Triton's client over gRPC: a table of calls", async ({ skip }) => {
  if (python === undefined) return skip('no tritonclient');
  const script = path.join(__dirname, 'tritonclient_calls.py');
  const { host } = new URL(server.grpcUrl!);
  const { code, stdout, stderr } = await runProcess(python, [script, host, 'secret']);
  expect(code, stderr).toBe(0);
  const found = JSON.parse(stdout) as { readonly first: [[string, number[], number[]]] };
  const local = await loadModel(folder, load);
  const data = Float32Array.from({ length: 3 * 64 * 64 }, (_, i) => i / 12_288);
  const [expected] = await local.session.run({ x: { shape: [1, 3, 64, 64], data } });
  await local.dispose();
  const { name } = expected!;
  expect(found).toEqual({
    ...{ live: true, ready: true, model: true, version: true, server: 'paddlelab' },
    metadata: {
      name: 'shapes',
      versions: ['1'],
      platform: 'paddle_pdmodel',
      inputs: [{ name: 'x', datatype: 'FP32', shape: ['-1', '3', '64', '64'] }],
      outputs: [{ name, datatype: 'FP32', shape: ['-1', '5'] }],
    },
    index: { models: [{ name: 'shapes', version: '1', state: 'READY' }] },
    first: [[name, [1, 5], Array.from(expected!.data, Number)]],
    ...{ wanted: true, id: 'a-1', compressed: true, timed: true, batch: [3, 5] },
    refused: {
      model: ['StatusCode.NOT_FOUND', expect.stringContaining('no model "other"')],
      version: ['StatusCode.NOT_FOUND', expect.stringContaining('no version "7"')],
      input: ['StatusCode.INVALID_ARGUMENT', expect.stringContaining('no input "y"')],
      type: ['StatusCode.INVALID_ARGUMENT', expect.stringContaining('Expected FP32 for input "x"')],
      shape: ['StatusCode.INVALID_ARGUMENT', expect.stringContaining('Expected shape [-1,3,64,64]')],
      output: ['StatusCode.INVALID_ARGUMENT', expect.stringContaining('no output "z"')],
      token: ['StatusCode.UNAUTHENTICATED', expect.stringContaining('wants its token')],
      late: ['StatusCode.DEADLINE_EXCEEDED', expect.anything()],
      config: ['StatusCode.UNIMPLEMENTED', expect.anything()],
      unloaded: ['StatusCode.UNAVAILABLE', expect.stringContaining('not ready')],
    },
    ...{ unloaded: false, again: true, parallel: 8 },
  });
});

test("Triton's clients with tensors in shared memory, over HTTP and gRPC", async ({ skip }) => {
  if (python === undefined) return skip('no tritonclient');
  const options = { port: 0, grpcPort: 0, load, sessions: 1, sharedMemory: true };
  await using sharing = await serve({ shapes: folder }, options);
  const script = path.join(__dirname, 'tritonclient_shared_memory.py');
  const hosts = [sharing.url, sharing.grpcUrl!].map((url) => new URL(url).host);
  const { code, stdout, stderr } = await runProcess(python, [script, ...hosts]);
  expect(code, stderr).toBe(0);
  const local = await loadModel(folder, load);
  const data = Float32Array.from({ length: 3 * 64 * 64 }, (_, i) => i / 12_288);
  const [expected] = await local.session.run({ x: { shape: [1, 3, 64, 64], data } });
  await local.dispose();
  const found = {
    ...{ shape: [1, 5], values: Array.from(expected!.data, Number), answered: true, names: ['in', 'out'], left: 0 },
    refused: [
      expect.stringContaining('Expected bytes of region "in", which has 49152'),
      expect.stringContaining('unregister it first'),
      expect.stringContaining('Expected a region that is registered'),
    ],
  };
  expect(JSON.parse(stdout)).toEqual({ http: found, grpc: found });
});
