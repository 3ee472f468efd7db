import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadModel, type ModelServer, serve, type Tensor } from '../../src';
import { makeFolder } from '../helpers/folders';
import { demoModel, projectRoot, runProcess } from '../helpers/project';
import { pythonTool } from '../helpers/python-tool';

/** Real clients in Python: Triton's and KServe's. */
const packages = ['kserve==0.21.0', 'tritonclient[http]==2.73.0'];
const image = path.join(projectRoot, 'notebooks/images/shapes.png');
const load = { engine: 'plain', threads: 1, trial: false } as const;
const boxes = 'save_infer_model/scale_0.tmp_0';
const counts = 'save_infer_model/scale_1.tmp_0';

type Found = Readonly<Record<string, unknown>>;

let server: ModelServer;
let found: { readonly triton: Found; readonly kserve: Found } | undefined;
let expected: Record<string, object>;
beforeAll(async () => {
  const uvicorn = await pythonTool('uvicorn', packages);
  if (uvicorn === undefined) return;
  const python = path.join(path.dirname(uvicorn), 'python');
  const detector = await loadModel(demoModel('shapes_det_picodet'), load);
  const { inputs } = await detector.preprocess(image);
  expected = Object.fromEntries((await detector.session.run(inputs)).map((tensor) => [tensor.name, packed(tensor)]));
  await detector.dispose();
  const file = path.join(makeFolder(), 'inputs.npz');
  const raws = Object.entries(inputs).map(([name, { shape, data }]) => {
    const raw = `${file}.${name}`;
    writeFileSync(raw, Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    return `${name}=np.fromfile(${JSON.stringify(raw)}, np.float32).reshape(${JSON.stringify(shape)})`;
  });
  const save = await runProcess(python, [
    '-c',
    `import numpy as np\nnp.savez(${JSON.stringify(file)}, ${raws.join(', ')})`,
  ]);
  expect(save).toMatchObject({ code: 0 });
  server = await serve({ shapes: demoModel('shapes_det_picodet') }, { port: 0, load });
  const script = path.join(projectRoot, 'test/long/serve_clients.py');
  const { code, stdout, stderr } = await runProcess(python, [script, server.url, 'shapes', file]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  found = JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as typeof found;
}, 600_000);
afterAll(() => server?.close());

function packed({ shape, dtype, data }: Tensor): object {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return { shape, dtype, bytes: bytes.toString('base64') };
}

describe('tritonclient over HTTP', () => {
  test('health, metadata and the repository', ({ skip }) => {
    if (found === undefined) return skip();
    expect(found.triton).toMatchObject({
      ...{ live: true, ready: true, 'model ready': true, 'version ready': true, 'other ready': false },
      server: { name: 'paddlelab' },
      metadata: { name: 'shapes', versions: ['1'], inputs: [{ name: 'image' }, { name: 'scale_factor' }] },
      index: [{ name: 'shapes', version: '1', state: 'READY' }],
    });
  });

  test('runs are the local ones to the bit: bytes and JSON in and out, chosen outputs, several at once', ({ skip }) => {
    if (found === undefined) return skip();
    for (const form of ['True True', 'True False', 'False True', 'False False']) {
      expect(found.triton[`binary ${form}`]).toEqual({ id: 'one', tensors: expected });
    }
    expect(found.triton['every output']).toEqual(expected);
    expect(found.triton['one output']).toEqual([counts]);
    expect(found.triton.async).toEqual(Array.from({ length: 8 }, () => expected[boxes]));
  });

  test('refusals are errors with our status and words', ({ skip }) => {
    if (found === undefined) return skip();
    expect(found.triton).toMatchObject({
      'wrong shape': ['400', expect.stringContaining('Expected shape [-1,3,256,256]')],
      'wrong type': ['400', expect.stringContaining('Expected FP32 for input "image" but received FP64')],
      missing: ['400', expect.stringContaining('Expected a tensor for input "scale_factor"')],
      'unknown model': ['404', expect.stringContaining('has no model "other"')],
      'unknown version': ['404', expect.stringContaining('has no version "2"')],
      compressed: ['400', expect.stringContaining('Content-Encoding gzip')],
      unloaded: [false, ['503', expect.stringContaining('is not ready')]],
      loaded: true,
    });
  });
});

test('KServe’s client: health, and runs in bytes and JSON to the bit', ({ skip }) => {
  if (found === undefined) return skip();
  expect(found.kserve).toEqual({
    ...{ live: true, ready: true, 'model ready': true, 'other ready': false },
    'binary True': { id: 'two', tensors: expected },
    'binary False': { id: 'two', tensors: expected },
  });
});
