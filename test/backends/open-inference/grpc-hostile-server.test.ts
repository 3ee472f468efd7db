import grpc from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type InferenceSession, loadModel, type OpenInferenceOptions } from '../../../src';
import { echoModel } from './echo-server';
import { GrpcProtocolServer, type InsteadCall, status } from './grpc-protocol-server';
import { TcpProxy } from './tcp-proxy';

const given = { x: { shape: [1, 2], data: Float32Array.of(1, 2) } };
const model = echoModel([{ name: 'x', datatype: 'FP32', shape: [-1, 2] }]);
const codes = grpc.status;

let server: GrpcProtocolServer;
let session: InferenceSession;
beforeAll(async () => {
  server = await new GrpcProtocolServer(model).start();
  session = await open();
});
beforeEach(() => {
  server.instead.length = 0;
  server.seen.length = 0;
  server.always = undefined;
});
afterAll(async () => {
  await session.dispose();
  await server.stop();
});
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(more: Partial<OpenInferenceOptions> = {}, url = server.url): Promise<InferenceSession> {
  const backend = { kind: 'open-inference', retries: 2, ...more } as const;
  return (await loadModel(`${url}/echo`, { backend })).session;
}

const refuse =
  (...args: Parameters<typeof status>): InsteadCall =>
  (_seen, answer) => {
    answer(status(...args));
    return true;
  };
const respond =
  (message: object): InsteadCall =>
  (_seen, answer) => {
    answer(null, message);
    return true;
  };
/** The client gave up the last call. */
const cancelled = (): Promise<void> =>
  new Promise((resolve) => {
    const { call } = server.seen.at(-1)!;
    if (call.cancelled) resolve();
    else call.once('cancelled', resolve);
  });

describe('a refusal has its code, the URL, the words of the server and what to do', () => {
  test.each([
    [codes.INVALID_ARGUMENT, 'unexpected shape', 'REMOTE_FAILED', /INVALID_ARGUMENT, "unexpected shape"; .*shapes/],
    [codes.UNAUTHENTICATED, '', 'REMOTE_FAILED', /answered UNAUTHENTICATED; it wants a login; give backend\.token/],
    [codes.PERMISSION_DENIED, 'no', 'REMOTE_FAILED', /answered PERMISSION_DENIED, "no"; it wants a login/],
    [codes.DEADLINE_EXCEEDED, '', 'REMOTE_FAILED', /answered DEADLINE_EXCEEDED; it gave up/],
    [codes.UNIMPLEMENTED, '', 'REMOTE_FAILED', /is it a server of the Open Inference Protocol v2/],
    [codes.INTERNAL, 'no memory', 'REMOTE_FAILED', /answered INTERNAL, "no memory"; it failed; see its log/],
    [codes.RESOURCE_EXHAUSTED, 'Received message larger than max (9 vs 4)', 'REMOTE_FAILED', /smaller batches/],
  ] as const)('%i', async (code, details, error, text) => {
    server.instead.push(refuse(code, details));
    const message = expect.stringMatching(text);
    await expect(session.run(given)).rejects.toMatchObject({ code: error, message });
    expect((await session.run(given))[0]!.data).toEqual(given.x.data);
    expect(server.runs, 'not repeated').toBe(2);
  });
});

describe('what the server did not take is repeated', () => {
  test('a model that is gone', async () => {
    const gone = refuse(codes.NOT_FOUND, 'unknown model');
    server.instead.push(gone, gone, gone);
    await expect(session.run(given)).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: expect.stringMatching(/NOT_FOUND, "unknown model"; it has no model "echo".*\(asked 3 times\)/),
    });
  });

  test.each([
    ['UNAVAILABLE', refuse(codes.UNAVAILABLE, 'loading')],
    ['RESOURCE_EXHAUSTED', refuse(codes.RESOURCE_EXHAUSTED, 'the queue is full')],
    ['NOT_FOUND of a server that was restarted and loads its model', refuse(codes.NOT_FOUND)],
  ])('%s', async (_name, fault) => {
    server.instead.push(fault, fault);
    expect((await session.run(given))[0]!.data).toEqual(given.x.data);
    expect(server.runs).toBe(3);
  });

  test('a connection that is cut in the middle of a run', async () => {
    const proxy = await startProxy();
    const proxied = await open({}, `grpc://127.0.0.1:${proxy.port}`);
    const cut: InsteadCall = () => proxy.cut() === undefined;
    server.instead.push(cut, cut);
    expect((await proxied.run(given))[0]!.data).toEqual(given.x.data);
    expect(server.runs).toBe(3);
    server.instead.push(cut, cut, cut);
    await expect(proxied.run(given)).rejects.toMatchObject({
      code: 'REMOTE_FAILED',
      message: `grpc://127.0.0.1:${proxy.port}/echo: the connection was cut (asked 3 times)`,
    });
    await proxied.dispose();
  });

  test('but not for ever, not beyond the time limit, and not if the server forbids it', async () => {
    server.instead.push(...Array.from({ length: 3 }, () => refuse(codes.UNAVAILABLE, 'queue is full')));
    await expect(session.run(given)).rejects.toThrow(
      /UNAVAILABLE, "queue is full"; .*try again later \(asked 3 times\)/,
    );
    const pushback = (value: string): grpc.Metadata => {
      const metadata = new grpc.Metadata();
      metadata.set('grpc-retry-pushback-ms', value);
      return metadata;
    };
    server.instead.push(refuse(codes.UNAVAILABLE, '', pushback('3600000')));
    await expect(session.run(given)).rejects.toMatchObject({ code: 'REMOTE_FAILED' });
    server.instead.push(refuse(codes.UNAVAILABLE, '', pushback('-1')));
    await expect(session.run(given)).rejects.toMatchObject({ code: 'REMOTE_FAILED' });
    expect(server.runs).toBe(5);
  });
});

describe('an answer that is late', () => {
  test('ends with the time limit, is not repeated, and the server learns of it', async () => {
    const limited = await open({ timeoutMs: 300 });
    server.instead.push(() => true);
    await expect(limited.run(given)).rejects.toThrow(/no complete answer within 300 ms.*backend\.timeoutMs/);
    await cancelled();
    expect(server.runs).toBe(1);
    expect((await limited.run(given))[0]!.data).toEqual(given.x.data);
    await limited.dispose();
  });

  test('ends with the signal, also during the pause before a repetition; other runs go on', async () => {
    const aborter = new AbortController();
    let finish: (() => void) | undefined;
    server.instead.push((_seen, answer) => {
      finish = () => answer(null, good());
      return true;
    });
    const other = session.run(given);
    server.instead.push(() => aborter.abort() === undefined);
    await expect(session.run(given, { signal: aborter.signal })).rejects.toMatchObject({ code: 'ABORTED' });
    await cancelled();
    finish?.();
    expect((await other)[0]!.data).toEqual(given.x.data);
    const second = new AbortController();
    server.instead.push((seen, answer) => {
      setImmediate(() => second.abort());
      return refuse(codes.UNAVAILABLE)(seen, answer);
    });
    await expect(session.run(given, { signal: second.signal })).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(session.run(given, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
    expect(server.runs).toBe(3);
  });
});

const output = (more: object = {}): object => ({ name: 'out_x', datatype: 'FP32', shape: [1, 2], ...more });
const raw = (more: object = {}, bytes = 8): object => {
  return { outputs: [output(more)], rawOutputContents: [Buffer.alloc(bytes)] };
};
const good = (): object => {
  const { buffer } = given.x.data;
  return { outputs: [output()], rawOutputContents: [Buffer.from(buffer)] };
};
const long = (high: number): object => ({ low: 0, high, unsigned: false });

describe('an answer that is wrong', () => {
  test.each([
    ['bytes of something else', Buffer.from('<html>It works!</html>'), /Expected a message of the protocol but/],
    ['a message that is cut', Buffer.from([0x2a, 0x7f, 1]), /Expected a message of the protocol but/],
    ['a length beyond the message', Buffer.from([0x32, 0xff, 0xff, 0xff, 0xff, 0x0f]), /Expected a message/],
    ['nothing', Buffer.alloc(0), /Expected output "out_x" but the server answered none/],
    ['other outputs', raw({ name: 'y' }), /Expected output "out_x" but the server answered "y"/],
    ['another data type', raw({ datatype: 'INT32' }), /Expected FP32 .*answered INT32/],
    ['an unknown data type', raw({ datatype: 'FP128' }), /Expected one of BOOL.*answered FP128/],
    ['another shape', raw({ shape: [1, 3] }), /Expected shape \[-1,2\].*answered \[1,3\]/],
    ['another rank', raw({ shape: [2] }), /Expected shape \[-1,2\].*answered \[2\]/],
    ['a shape that is none', raw({ shape: [-1, 2] }), /Expected integers ≥ 0 for the shape/],
    ['a shape beyond 2^53', raw({ shape: [long(2 ** 30), 2] }), /Expected integers ≥ 0 for the shape/],
    ['a huge shape', raw({ shape: [1e12, 2] }), /Expected 8000000000000 bytes for .*answered 8/],
    ['too few bytes for the shape', raw({ shape: [2, 2] }), /Expected 16 bytes .*answered 8/],
    ['no bytes', { outputs: [output()] }, /Expected 2 elements .*answered 0/],
    ['more contents than outputs', { ...raw(), rawOutputContents: [Buffer.alloc(8), Buffer.alloc(8)] }, /2 for 1/],
    ['elements of another type', { outputs: [output({ contents: { intContents: [1, 2] } })] }, /those of intContents/],
    ['too many elements', { outputs: [output({ contents: { fp32Contents: [1, 2, 3] } })] }, /2 elements .*answered 3/],
  ] as const)('%s', async (_name, message, text) => {
    server.instead.push(respond(message));
    await expect(session.run(given)).rejects.toMatchObject({
      code: 'REMOTE_FAILED',
      message: expect.stringMatching(text),
    });
    expect((await session.run(given))[0]!.data).toEqual(given.x.data);
    expect(server.runs, 'not repeated').toBe(2);
  });

  test('an answer beyond the limit is not read', async () => {
    const small = await open({ largestAnswer: 1000 });
    server.instead.push(respond(raw({}, 2000)));
    await expect(small.run(given)).rejects.toThrow(
      /an answer of \d+ bytes, but at most 1000 are read; backend\.largestAnswer/,
    );
    expect(server.runs, 'not repeated').toBe(1);
    await small.dispose();
  });

  test('a connection that closes before the end of each answer', async () => {
    const proxy = await startProxy();
    for (const answerBytes of [0, 30, 60]) {
      proxy.answerBytes = answerBytes;
      await expect(open({}, `grpc://127.0.0.1:${proxy.port}`)).rejects.toMatchObject({ code: 'REMOTE_FAILED' });
    }
  });

  test('metadata that mean nothing', async () => {
    const metadata = (message: object): void => {
      server.always = ({ name }, answer) => name === 'ModelMetadata' && answer(null, message) === undefined;
    };
    const port = { name: 'x', datatype: 'FP32', shape: [-1, 2] };
    metadata({ inputs: [{ ...port, datatype: 'TYPE_FP32' }] });
    await expect(open()).rejects.toThrow(/Expected one of BOOL.* for the datatype of "x" .*"TYPE_FP32"/);
    metadata({ inputs: [port, port] });
    await expect(open()).rejects.toThrow(/has "x" twice among its inputs/);
    metadata({ inputs: [{ ...port, shape: [-2] }] });
    await expect(open()).rejects.toThrow(/Expected integers ≥ −1 for the shape of "x"/);
    metadata({});
    await expect(open()).rejects.toThrow(/does not say which inputs this model has; give loadModel/);
  });
});

async function startProxy(): Promise<TcpProxy> {
  const proxy = await new TcpProxy(() => server.port).start();
  closing.push(() => proxy.stop());
  return proxy;
}
