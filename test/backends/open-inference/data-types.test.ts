import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadModel, type RunInputs, type Tensor } from '../../../src';
import { echoServer } from './echo-server';
import { echoInputs, echoPorts, halves, tensors } from './echo-tensors';
import type { ProtocolServer } from './protocol-server';

let plain: ProtocolServer;
let half: ProtocolServer;
let texts: ProtocolServer;
beforeAll(async () => {
  plain = await echoServer(echoPorts(tensors));
  half = await echoServer(echoPorts(halves));
  texts = await echoServer([{ name: 'text', datatype: 'BYTES', shape: [-1, 1] }]);
});
afterAll(() => Promise.all([plain, half, texts].map((server) => server.stop())));

async function echoed(server: ProtocolServer, binary: boolean, given: RunInputs): Promise<Tensor[]> {
  const backend = { kind: 'open-inference', binary } as const;
  server.binary = binary;
  const model = await loadModel(`${server.url}/v2/models/echo`, { backend });
  try {
    return await model.session.run(given);
  } finally {
    await model.dispose();
  }
}

test.each([true, false])('all data types keep their values to the bit; as bytes: %s', async (binary) => {
  const outputs = await echoed(plain, binary, echoInputs(tensors));
  for (const [name, { data, dtype }] of Object.entries(tensors)) {
    const output = outputs.find((one) => one.name === `out_${name}`);
    expect(output, name).toEqual({ name: `out_${name}`, dtype, shape: [1, data.length], data, lod: [] });
  }
});

test('FP16 and BF16 travel as bytes; BF16 and infinity are refused where a server takes only JSON', async () => {
  const outputs = await echoed(half, true, echoInputs(halves));
  expect(outputs.map(({ data }) => data)).toEqual([halves.FP16.data, halves.BF16.data]);
  expect(outputs.map(({ dtype }) => dtype)).toEqual(['float16', 'bfloat16']);
  const refused = {
    code: 'INVALID_ARGUMENT',
    message: expect.stringMatching(/NaN and infinity, which JSON can't carry/),
  };
  await expect(echoed(half, false, echoInputs(halves))).rejects.toMatchObject(refused);
  const finite = {
    FP16: { shape: [1, 1], data: Float32Array.of(1) },
    BF16: { shape: [1, 1], data: Float32Array.of(1) },
  };
  await expect(echoed(half, false, finite)).rejects.toThrow(/"BF16" has BF16, which JSON can't carry/);
});

test.each([true, false])('texts keep their characters; as bytes: %s', async (binary) => {
  const strings = ['', 'café 文字 🙂', 'two\nlines "quoted" 12345678901234567890'];
  const [output] = await echoed(texts, binary, { text: { strings } });
  expect(output).toMatchObject({ name: 'out_text', strings, dtype: 'uint8' });
  const [first = [], data] = [output!.lod[0], output!.data];
  expect(first).toHaveLength(4);
  expect(Buffer.from(data.subarray(first[1], first[2]) as Uint8Array).toString()).toBe(strings[1]);
  expect(JSON.parse(lastHead(texts)).inputs[0].shape).toEqual([3, 1]);
});

test('bytes that are no text, such as a picture, travel as a tensor with offsets', async () => {
  const data = Uint8Array.of(255, 216, 0, 1, 2);
  const given = { text: { shape: [5], data, lod: [[0, 2, 5]] } };
  const [output] = await echoed(texts, true, given);
  expect(output).toMatchObject({ data, lod: [[0, 2, 5]], shape: [5] });
  await expect(echoed(texts, false, given)).rejects.toThrow(/no UTF-8/);
});

test('inputs are checked before anything is sent', async () => {
  const run = (more: RunInputs) => echoed(plain, true, { ...echoInputs(tensors), ...more });
  const wrong = (name: string, data: Tensor['data']) => run({ [name]: { shape: [1, data.length], data } });
  await expect(wrong('INT32', Float32Array.of(1))).rejects.toThrow(/Expected int32 .*"INT32" but received float32/);
  await expect(wrong('UINT16', Int32Array.of(-1))).rejects.toThrow(/Expected values of UINT16 .* but received -1/);
  await expect(wrong('UINT64', BigInt64Array.of(-5n))).rejects.toThrow(/UINT64 .* but received -5/);
  await expect(run({ FP32: { strings: ['a'] } })).rejects.toThrow(/Expected float32 .* but received strings/);
  await expect(wrong('FP3', Float32Array.of(1))).rejects.toThrow(/no input "FP3"; did you mean "FP32"/);
  await expect(run({ FP32: { shape: [2, 2], data: Float32Array.of(1) } })).rejects.toThrow(/FP32\.data\.length/);
  expect(plain.runs).toBe(2);
});

function lastHead(server: ProtocolServer): string {
  const { headers, body } = server.seen.at(-1)!;
  const length = headers['inference-header-content-length'];
  return body.subarray(0, length === undefined ? body.length : Number(length)).toString();
}
