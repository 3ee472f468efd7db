import { execFileSync } from 'node:child_process';
import {
  chownSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type AnyModel, loadModel, type ModelServer, type ServeOptions, serve } from '../../src';
import { BufferPool } from '../../src/serve/buffer-pool';
import { MemoryBudget } from '../../src/serve/memory-budget';
import { SharedRegions } from '../../src/serve/shared-memory/regions';
import { demoModel } from '../helpers/project';
import { GrpcCaller } from './grpc-caller';

const load = { engine: 'plain', threads: 1, trial: false } as const;
const shape = [1, 3, 64, 64];
const pixels = Float32Array.from({ length: 3 * 64 * 64 }, (_, i) => i / 12_288);
const bytes = Buffer.from(pixels.buffer);

const start = (options: ServeOptions): Promise<ModelServer> =>
  serve({ shapes: demoModel('shapes_cls_mbv3s') }, { port: 0, grpcPort: 0, load, sessions: 1, ...options });

let server: ModelServer;
let caller: GrpcCaller;
let model: AnyModel;
let output: string;
let expected: Buffer;
beforeAll(async () => {
  server = await start({ sharedMemory: true, maxBody: 2 ** 20 });
  caller = new GrpcCaller(server.grpcUrl!);
  model = await loadModel(demoModel('shapes_cls_mbv3s'), load);
  const [tensor] = await model.session.run({ x: { shape, data: pixels } });
  output = tensor!.name;
  expected = Buffer.from(tensor!.data.buffer, tensor!.data.byteOffset, tensor!.data.byteLength);
}, 60_000);
afterAll(async () => {
  caller?.close();
  await server?.close();
  await model?.dispose();
});

const made = new Set<string>();
/** A key for shared memory of this test, and its file, which may not be there yet. */
function place(name: string): { readonly key: string; readonly file: string } {
  const key = `/paddlelab-test-${process.pid}-${name}`;
  const file = `/dev/shm${key}`;
  made.add(file);
  return { key, file };
}
afterEach(async () => {
  for (const file of made) rmSync(file, { recursive: true, force: true });
  made.clear();
  await ask('/v2/systemsharedmemory/unregister', '');
});

interface Answer {
  readonly status: number;
  readonly json: unknown;
}

async function ask(path: string, body?: string): Promise<Answer> {
  const answer = await fetch(server.url + path, body === undefined ? {} : { method: 'POST', body });
  return { status: answer.status, json: await answer.json() };
}
const register = (name: string, region: object): Promise<Answer> =>
  ask(`/v2/systemsharedmemory/region/${name}/register`, JSON.stringify(region));
const infer = (inputs: object, outputs?: object): Promise<Answer> =>
  ask('/v2/models/shapes/infer', JSON.stringify({ inputs: [inputs], ...(outputs && { outputs: [outputs] }) }));
const inRegion = (region: string, size: unknown = bytes.length, offset?: unknown): object => {
  const where = { shared_memory_region: region, shared_memory_byte_size: size };
  return { parameters: offset === undefined ? where : { ...where, shared_memory_offset: offset } };
};
const input = { name: 'x', datatype: 'FP32', shape };
const refusal = (message: RegExp): object => ({
  status: 400,
  json: { error: expect.stringMatching(message), code: 'INVALID_ARGUMENT' },
});

/** Shared memory with the pixels, registered as `a`. */
async function pixelsAs(name: string, padding = 0): Promise<{ readonly key: string; readonly file: string }> {
  const memory = place(name);
  writeFileSync(memory.file, Buffer.concat([Buffer.alloc(padding), bytes]));
  const region = { key: memory.key, offset: padding, byte_size: bytes.length };
  expect(await register('a', region)).toEqual({ status: 200, json: {} });
  return memory;
}

describe('regions', () => {
  test('are registered, listed and unregistered, over HTTP and gRPC alike', async () => {
    const { key } = await pixelsAs('listed', 8);
    const known = { name: 'a', key, offset: 8, byte_size: bytes.length };
    expect(await ask('/v2/systemsharedmemory/status')).toEqual({ status: 200, json: [known] });
    expect(await ask('/v2/systemsharedmemory/region/a/status')).toEqual({ status: 200, json: [known] });
    const message = { name: 'a', key, offset: '8', byteSize: String(bytes.length) };
    expect(await caller.call('SystemSharedMemoryStatus')).toEqual({ regions: { a: message } });
    const second = { name: 'b', key, byteSize: 8 };
    expect(await caller.call('SystemSharedMemoryRegister', second)).toEqual({});
    expect(await caller.call('SystemSharedMemoryUnregister', { name: 'a' })).toEqual({});
    expect(await ask('/v2/systemsharedmemory/region/a/status')).toEqual(refusal(/region that is registered .* "a"/));
    expect(await ask('/v2/systemsharedmemory/status')).toMatchObject({ json: [{ name: 'b' }] });
    expect(await (await fetch(`${server.url}/metrics`)).text()).toContain('paddlelab_shared_memory_regions 1\n');
    expect(await ask('/v2/systemsharedmemory/region/b/unregister', '')).toEqual({ status: 200, json: {} });
    expect(await ask('/v2/systemsharedmemory/region/b/unregister', '')).toEqual({ status: 200, json: {} });
    expect(await ask('/v2/systemsharedmemory/status')).toEqual({ status: 200, json: [] });
  });

  test('are offered by a server that was started with them only; others, and those without a token, say so', async () => {
    const { json } = await ask('/v2');
    expect(json).toMatchObject({ extensions: ['binary_tensor_data', 'model_repository', 'system_shared_memory'] });
    const plain = await start({});
    try {
      const answer = await fetch(`${plain.url}/v2/systemsharedmemory/status`);
      expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('--shared-memory')]);
      const metadata = await (await fetch(`${plain.url}/v2`)).json();
      expect(metadata).toMatchObject({ extensions: ['binary_tensor_data', 'model_repository'] });
    } finally {
      await plain.close();
    }
    await expect(start({ sharedMemory: true, host: '0.0.0.0' })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('for token'),
    });
    const guarded = await start({ sharedMemory: true, token: 'secret' });
    try {
      const answer = await fetch(`${guarded.url}/v2/systemsharedmemory/unregister`, { method: 'POST' });
      expect(answer.status).toBe(401);
    } finally {
      await guarded.close();
    }
  });
});

describe('tensors', () => {
  test('inputs and outputs in regions are those of a local run to the bit', async () => {
    await pixelsAs('in', 24);
    const memory = place('out');
    writeFileSync(memory.file, Buffer.alloc(100));
    expect(await register('out', { key: memory.key, byte_size: 90, offset: 10 })).toMatchObject({ status: 200 });
    const found = await infer({ ...input, ...inRegion('a') }, { name: output, ...inRegion('out', 80, 5) });
    expect(found).toMatchObject({
      status: 200,
      json: { outputs: [{ name: output, datatype: 'FP32', shape: [1, 5] }] },
    });
    expect((found.json as { outputs: object[] }).outputs[0]).not.toHaveProperty('data');
    const written = readFileSync(memory.file);
    expect(written.subarray(15, 15 + expected.length)).toEqual(expected);
    expect(written.length).toBe(100);
    written.fill(0, 15, 15 + expected.length);
    expect(written).toEqual(Buffer.alloc(100));
  });

  test('over gRPC too, beside raw contents of other inputs', async () => {
    await pixelsAs('in');
    const { key, file } = place('out');
    writeFileSync(file, Buffer.alloc(32));
    await register('out', { key, byte_size: 32 });
    const grpcRegion = (region: string, size: number): object => ({
      parameters: { shared_memory_region: { stringParam: region }, shared_memory_byte_size: { int64Param: size } },
    });
    const request = (inputs: object, outputs: object = {}): object => ({
      modelName: 'shapes',
      inputs: [{ ...input, ...inputs }],
      outputs: [{ name: output, ...outputs }],
    });
    const answer = await caller.call('ModelInfer', request(grpcRegion('a', bytes.length)));
    expect(answer).toMatchObject({ rawOutputContents: [expected.toString('base64')] });
    const placed = await caller.call('ModelInfer', request(grpcRegion('a', bytes.length), grpcRegion('out', 32)));
    expect(placed).toMatchObject({ rawOutputContents: [''] });
    expect(readFileSync(file).subarray(0, expected.length)).toEqual(expected);
    const both = { ...request(grpcRegion('a', bytes.length)), rawInputContents: [bytes] };
    expect(await caller.call('ModelInfer', both)).toMatchObject({
      code: 3,
      details: expect.stringMatching(/raw contents/),
    });
    expect(await caller.call('ModelInfer', request(grpcRegion('a', -1)))).toMatchObject({ code: 3 });
  });

  test('a run leaves nothing of its input in the memory of the next', async () => {
    await pixelsAs('first');
    const { key, file } = place('second');
    writeFileSync(file, Buffer.alloc(bytes.length));
    await register('b', { key, byte_size: bytes.length });
    const [blank] = await model.session.run({ x: { shape, data: new Float32Array(pixels.length) } });
    for (let i = 0; i < 3; i++) {
      const first = await infer({ ...input, ...inRegion('a') });
      expect(first.json).toMatchObject({
        outputs: [{ data: [...new Float32Array(expected.buffer, expected.byteOffset, 5)] }],
      });
      const second = await infer({ ...input, ...inRegion('b') });
      expect(second.json).toMatchObject({ outputs: [{ data: [...(blank!.data as Float32Array)] }] });
    }
  });
});

describe('what is refused, and the next request served', () => {
  afterEach(async () => {
    await ask('/v2/systemsharedmemory/unregister', '');
    await pixelsAs('after');
    expect(await infer({ ...input, ...inRegion('a') })).toMatchObject({ status: 200 });
  });

  test.each<[string, () => object, RegExp]>([
    ['a path', () => ({ key: '../etc/passwd' }), /Expected a key without slashes/],
    ['an absolute path', () => ({ key: '/etc/passwd' }), /Expected a key without slashes/],
    ['the folder', () => ({ key: '.' }), /Expected a key without slashes/],
    ['the folder above', () => ({ key: '/..' }), /Expected a key without slashes/],
    ['no key', () => ({ key: '' }), /Expected a key without slashes/],
    ['a zero byte', () => ({ key: 'a\0b' }), /Expected a key without slashes/],
    ['a long key', () => ({ key: 'a'.repeat(10_000) }), /Expected a key without slashes/],
    ['a key of another type', () => ({ key: 7 }), /Expected a text for key/],
    ['no such file', () => ({ key: place('none').key }), /for key ".*none" but received none/],
    [
      'a symbolic link',
      () => {
        const { key, file } = place('link');
        symlinkSync('/etc/passwd', file);
        return { key };
      },
      /a symbolic link/,
    ],
    [
      'a folder',
      () => {
        const { key, file } = place('folder');
        mkdirSync(file);
        return { key };
      },
      /received (a folder|something else)/,
    ],
    [
      'a pipe, which is not waited for',
      () => {
        const { key, file } = place('pipe');
        execFileSync('mkfifo', [file]);
        return { key };
      },
      /something else/,
    ],
    [
      'more than there is',
      () => ({ ...short(), byte_size: 17 }),
      /Expected shared memory with 17 bytes .* of 16 bytes/,
    ],
    ['an offset behind the end', () => ({ ...short(), offset: 16, byte_size: 1 }), /with 1 bytes from 16 on/],
    ['an offset far behind the end', () => ({ ...short(), offset: 1e14, byte_size: 16 }), /one of 16 bytes/],
    ['a sum that overflows', () => ({ ...short(), offset: 2 ** 53 - 1, byte_size: 16 }), /an integer ≥ 0 for offset/],
    ['a huge size', () => ({ ...short(), byte_size: 1e300 }), /an integer ≥ 0 for byte_size/],
    ['a negative offset', () => ({ ...short(), offset: -1 }), /an integer ≥ 0 for offset/],
    ['a fraction', () => ({ ...short(), byte_size: 1.5 }), /an integer ≥ 0 for byte_size/],
    ['no bytes', () => ({ ...short(), byte_size: 0 }), /1 byte or more/],
    ['no size', () => ({ key: short().key, byte_size: undefined }), /for byte_size but received nothing/],
  ])('registering %s', async (_, region, message) => {
    expect(await register('x', { byte_size: 8, ...region() })).toEqual(refusal(message));
    expect(await ask('/v2/systemsharedmemory/status')).toEqual({ status: 200, json: [] });
  });

  function short(): { readonly key: string } {
    const { key, file } = place('short');
    writeFileSync(file, Buffer.alloc(16));
    return { key };
  }

  test('registering what is no JSON, a name twice, a name that is too long', async () => {
    const path = '/v2/systemsharedmemory/region/x/register';
    expect(await ask(path, '')).toEqual(refusal(/Expected JSON but received no body/));
    expect(await ask(path, '[]')).toEqual(refusal(/as a JSON object/));
    expect(await ask(path, 'x'.repeat(70_000))).toEqual(refusal(/at most 65536 bytes/));
    expect(await register('x', { ...short(), byte_size: 8 })).toMatchObject({ status: 200 });
    expect(await register('x', { ...short(), byte_size: 8 })).toEqual(refusal(/"x", which is; unregister it first/));
    expect(await register('n'.repeat(201), { ...short(), byte_size: 8 })).toMatchObject({ status: 414 });
  });

  test('a file of another user', async ({ skip }) => {
    if (process.getuid?.() !== 0) return skip('only root can make one');
    const { key, file } = place('other');
    writeFileSync(file, bytes);
    chownSync(file, 65_534, 65_534);
    expect(await register('x', { key, byte_size: 8 })).toEqual(refusal(/that of another user/));
    // Also one that changes hands later.
    chownSync(file, 0, 0);
    expect(await register('x', { key, byte_size: bytes.length })).toMatchObject({ status: 200 });
    chownSync(file, 65_534, 65_534);
    expect(await infer({ ...input, ...inRegion('x') })).toEqual(refusal(/that of another user/));
  });

  test.each<[string, object, object | undefined, RegExp]>([
    ['an unknown region', inRegion('b'), undefined, /a region that is registered but received "b"/],
    ['bytes behind the region', inRegion('a', bytes.length, 1), undefined, /bytes of region "a", which has 49152/],
    ['a sum that overflows', inRegion('a', bytes.length, 2 ** 53 - 1), undefined, /an integer ≥ 0/],
    ['bytes far behind the region', inRegion('a', bytes.length, 1e14), undefined, /which has 49152/],
    ['a negative offset', inRegion('a', bytes.length, -8), undefined, /an integer ≥ 0 for shared_memory_offset/],
    ['another number of bytes', inRegion('a', 8), undefined, /Expected 49152 bytes for input "x"/],
    ['no number of bytes', { parameters: { shared_memory_region: 'a' } }, undefined, /shared_memory_byte_size/],
    ['no region', { parameters: { shared_memory_byte_size: 8 } }, undefined, /shared_memory_region beside/],
    ['a region that is no name', inRegion(7 as never), undefined, /a name for shared_memory_region/],
    ['elements too', { ...inRegion('a'), data: [1] }, undefined, /either a region or elements/],
    ['a small output', inRegion('a'), inRegion('a', 4), /Expected 20 bytes or more of region "a" .* received 4/],
    ['an output in no region', inRegion('a'), inRegion('b', 20), /a region that is registered but received "b"/],
  ])('a run with %s', async (_, where, placed, message) => {
    await pixelsAs('in');
    const outputs = placed === undefined ? undefined : { name: output, ...placed };
    expect(await infer({ ...input, ...where }, outputs)).toEqual(refusal(message));
  });

  test('a region that is cut, removed or replaced after it was registered', async () => {
    const { file } = await pixelsAs('in');
    const run = (): Promise<Answer> => infer({ ...input, ...inRegion('a') });
    truncateSync(file, bytes.length - 1);
    expect(await run()).toEqual(refusal(/with 49152 bytes for region "a" but received one of 49151 bytes/));
    const written = await infer({ ...input, data: [...pixels] }, { name: output, ...inRegion('a', 20) });
    expect(written).toMatchObject({ status: 200 });
    truncateSync(file, 4);
    expect(await infer({ ...input, data: [...pixels] }, { name: output, ...inRegion('a', 20) })).toEqual(
      refusal(/one of 4 bytes/),
    );
    expect(readFileSync(file).length).toBe(4);
    rmSync(file);
    expect(await run()).toEqual(refusal(/but received none/));
    const other = place('replacing');
    writeFileSync(other.file, bytes);
    renameSync(other.file, file);
    expect(await run()).toEqual(refusal(/another file of its name/));
  });

  test('more bytes than a request may have, of one region many times', async () => {
    await pixelsAs('in');
    const inputs = Array.from({ length: 30 }, (_, i) => ({ ...input, name: `x${i}`, ...inRegion('a') }));
    expect(await ask('/v2/models/shapes/infer', JSON.stringify({ inputs }))).toMatchObject({
      status: 413,
      json: { code: 'TOO_LARGE' },
    });
  });
});

test('ten thousand regions: a bounded number is kept, and makes room when their memory is gone', () => {
  const memory = new MemoryBudget(2 ** 20);
  const regions = new SharedRegions(2 ** 20, memory, new BufferPool());
  const { key, file } = place('many');
  writeFileSync(file, Buffer.alloc(8));
  const tryOne = (name: string, own = key): string => {
    try {
      regions.register({ name, key: own, offset: 0, byteSize: 8 });
      return 'OK';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  const outcomes = Array.from({ length: 10_000 }, (_, i) => tryOne(`r${i}`));
  expect(outcomes.filter((one) => one === 'OK').length).toBe(1024);
  expect(new Set(outcomes)).toEqual(new Set(['OK', 'SERVER_BUSY']));
  expect(regions.count).toBe(1024);
  rmSync(file);
  const fresh = place('fresh');
  writeFileSync(fresh.file, Buffer.alloc(8));
  expect(tryOne('next', fresh.key)).toBe('OK');
  expect(regions.count).toBeLessThan(1024);
});

test('memory of all requests together bounds what is read from regions', async () => {
  const memory = new MemoryBudget(10);
  const regions = new SharedRegions(2 ** 20, memory, new BufferPool());
  const { key, file } = place('budget');
  writeFileSync(file, Buffer.from('12345678'));
  regions.register({ name: 'a', key, offset: 0, byteSize: 8 });
  const slice = { region: 'a', offset: 2, size: 5 };
  const lent = await regions.read([slice]);
  expect(lent.parts.map(String)).toEqual(['34567']);
  await expect(regions.read([slice])).rejects.toMatchObject({ code: 'SERVER_BUSY' });
  lent.end(true);
  (await regions.read([slice])).end(true);
});
