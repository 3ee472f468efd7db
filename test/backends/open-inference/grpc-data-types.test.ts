import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadModel, type RunInputs, type Tensor } from '../../../src';
import { echoModel } from './echo-server';
import { echoInputs, echoPorts, halves, tensors } from './echo-tensors';
import { GrpcProtocolServer } from './grpc-protocol-server';
import type { ServedTensor } from './protocol-server';

let plain: GrpcProtocolServer;
let half: GrpcProtocolServer;
let texts: GrpcProtocolServer;
beforeAll(async () => {
  plain = await new GrpcProtocolServer(echoModel(echoPorts(tensors))).start();
  half = await new GrpcProtocolServer(echoModel(echoPorts(halves))).start();
  texts = await new GrpcProtocolServer(echoModel([{ name: 'text', datatype: 'BYTES', shape: [-1, 1] }])).start();
});
afterAll(() => Promise.all([plain, half, texts].map((server) => server.stop())));

async function echoed(server: GrpcProtocolServer, given: RunInputs): Promise<Tensor[]> {
  const model = await loadModel(`${server.url}/echo`);
  try {
    return await model.session.run(given);
  } finally {
    await model.dispose();
  }
}

/** The same tensor as typed contents. */
function typed({ datatype, bytes }: ServedTensor): object {
  const values = <T>(size: number, read: (at: number) => T): T[] =>
    Array.from({ length: bytes.length / size }, (_, i) => read(i * size));
  switch (datatype) {
    case 'BOOL':
      return { boolContents: values(1, (at) => bytes.readUInt8(at) === 1) };
    case 'INT8':
      return { intContents: values(1, (at) => bytes.readInt8(at)) };
    case 'INT16':
      return { intContents: values(2, (at) => bytes.readInt16LE(at)) };
    case 'INT32':
      return { intContents: values(4, (at) => bytes.readInt32LE(at)) };
    case 'UINT8':
      return { uintContents: values(1, (at) => bytes.readUInt8(at)) };
    case 'UINT16':
      return { uintContents: values(2, (at) => bytes.readUInt16LE(at)) };
    case 'UINT32':
      return { uintContents: values(4, (at) => bytes.readUInt32LE(at)) };
    case 'INT64':
      return { int64Contents: values(8, (at) => long(bytes, at, false)) };
    case 'UINT64':
      return { uint64Contents: values(8, (at) => long(bytes, at, true)) };
    case 'FP32':
      return { fp32Contents: values(4, (at) => bytes.readFloatLE(at)) };
    case 'FP64':
      return { fp64Contents: values(8, (at) => bytes.readDoubleLE(at)) };
    default:
      return { bytesContents: [bytes.subarray(4, 4 + bytes.readUInt32LE(0))] };
  }
}

function long(bytes: Buffer, at: number, unsigned: boolean): object {
  return { low: bytes.readInt32LE(at), high: bytes.readInt32LE(at + 4), unsigned };
}

test.each([false, true])('all data types keep their values to the bit; typed contents: %s', async (isTyped) => {
  plain.typed = isTyped ? asTyped : undefined;
  const outputs = await echoed(plain, echoInputs(tensors));
  for (const [name, { data, dtype }] of Object.entries(tensors)) {
    const output = outputs.find((one) => one.name === `out_${name}`);
    expect(output, name).toEqual({ name: `out_${name}`, dtype, shape: [1, data.length], data, lod: [] });
  }
});

const asTyped: GrpcProtocolServer['typed'] = ({ rawOutputContents, ...response }) => ({
  ...response,
  outputs: response.outputs.map((output, i) => ({
    ...output,
    contents: typed({ ...output, shape: [], bytes: rawOutputContents[i]! }),
  })),
});

test('FP16 and BF16 travel as bytes, also infinity', async () => {
  const outputs = await echoed(half, echoInputs(halves));
  expect(outputs.map(({ data }) => data)).toEqual([halves.FP16.data, halves.BF16.data]);
  expect(outputs.map(({ dtype }) => dtype)).toEqual(['float16', 'bfloat16']);
});

test('texts keep their characters, and bytes that are no text are a tensor with offsets', async () => {
  const strings = ['', 'café 文字 🙂', 'two\nlines "quoted"'];
  const [output] = await echoed(texts, { text: { strings } });
  expect(output).toMatchObject({ name: 'out_text', strings, dtype: 'uint8' });
  const data = Uint8Array.of(255, 216, 0, 1, 2);
  const given = { text: { shape: [5], data, lod: [[0, 2, 5]] } };
  expect((await echoed(texts, given))[0]).toMatchObject({ data, lod: [[0, 2, 5]], shape: [5] });
  texts.typed = asTyped;
  const whole = { text: { shape: [5], data } };
  expect((await echoed(texts, whole))[0]).toMatchObject({ data, lod: [[0, 5]], shape: [5] });
});

test('tensors of many megabytes pass in both directions', async () => {
  const large = await new GrpcProtocolServer(echoModel([{ name: 'x', datatype: 'FP32', shape: [-1] }])).start();
  const data = new Float32Array(12e6).fill(0.5);
  data[data.length - 1] = Number.NaN;
  const [output] = await echoed(large, { x: { shape: [data.length], data } });
  await large.stop();
  const bytes = ({ buffer }: { readonly buffer: ArrayBufferLike }): Buffer => Buffer.from(buffer);
  expect(bytes(output!.data).equals(bytes(data))).toBe(true);
});
