import type http from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type InferenceSession, loadModel, type OpenInferenceOptions } from '../../../src';
import { echoServer } from './echo-server';
import type { Instead, ProtocolServer } from './protocol-server';

const given = { x: { shape: [1, 2], data: Float32Array.of(1, 2) } };
const ports = [{ name: 'x', datatype: 'FP32', shape: [-1, 2] }];

let server: ProtocolServer;
let session: InferenceSession;
beforeAll(async () => {
  server = await echoServer(ports);
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

async function open(more: Partial<OpenInferenceOptions> = {}, url = server.url): Promise<InferenceSession> {
  const backend = { kind: 'open-inference', retries: 2, ...more } as const;
  return (await loadModel(`${url}/v2/models/echo`, { backend })).session;
}

/** Runs once on a session with these options. */
async function run(more: Partial<OpenInferenceOptions>, url?: string, signal?: AbortSignal): Promise<unknown> {
  const opened = await open(more, url);
  try {
    return await opened.run(given, signal === undefined ? {} : { signal });
  } finally {
    await opened.dispose();
  }
}

const status =
  (code: number, body = '', headers: http.OutgoingHttpHeaders = {}): Instead =>
  (_seen, response) => {
    response.writeHead(code, headers).end(body);
    return true;
  };
const cut: Instead = (_seen, response) => {
  response.destroy();
  return true;
};

describe('a refusal has its code, the URL, the words of the server and what to do', () => {
  test.each([
    [
      400,
      '{"error":"unexpected shape for input x"}',
      'REMOTE_FAILED',
      /answered 400, "unexpected shape for input x"; .*shapes/,
    ],
    [401, '', 'REMOTE_FAILED', /answered 401; it wants a login; give backend\.token/],
    [403, '{"detail":"no"}', 'REMOTE_FAILED', /answered 403, "no"; it wants a login/],
    [413, 'too large', 'REMOTE_FAILED', /413, "too large"; the tensors are larger/],
    [500, 'Internal Server Error', 'REMOTE_FAILED', /500, "Internal Server Error"; .*set backend\.binary to false/],
    [504, '', 'REMOTE_FAILED', /504; a proxy got no answer/],
  ] as const)('%i', async (code, body, error, text) => {
    server.instead.push(status(code, body));
    const message = expect.stringMatching(text);
    await expect(session.run(given)).rejects.toMatchObject({ code: error, message });
    await expect(session.run(given).then(([output]) => output!.data)).resolves.toEqual(given.x.data);
    expect(server.runs, 'not repeated').toBe(2);
  });

  test('a redirect is not followed, and a refused token is not shown', async () => {
    server.instead.push(status(307, '', { location: 'http://elsewhere/v2' }));
    await expect(session.run(given)).rejects.toThrow(/redirects are not followed; .*http:\/\/elsewhere\/v2/);
    server.instead.push(status(401));
    const refused = await run({ token: 'secret-token' }).catch(String);
    expect(refused).toMatch(/does not accept this login/);
    expect(refused).not.toMatch(/secret/);
  });
});

describe('what the server did not take is repeated', () => {
  test('a model that is gone', async () => {
    const gone = status(404, '{"error":"unknown model"}');
    server.instead.push(gone, gone, gone);
    await expect(session.run(given)).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: expect.stringMatching(/answered 404, "unknown model"; it has no model "echo".*\(asked 3 times\)/),
    });
  });

  test.each([
    ['503', status(503)],
    ['429', status(429, '', { 'retry-after': '0' })],
    ['502', status(502)],
    ['404 of a server that was restarted and loads its model', status(404)],
    ['a connection that is cut', cut],
  ])('%s', async (_name, fault) => {
    server.instead.push(fault, fault);
    const [output] = await session.run(given);
    expect(output!.data).toEqual(given.x.data);
    expect(server.runs).toBe(3);
  });

  test('but not for ever, and not beyond the time limit', async () => {
    server.instead.push(...Array.from({ length: 3 }, () => status(503, '{"error":"queue is full"}')));
    await expect(session.run(given)).rejects.toThrow(/503, "queue is full"; .*try again later \(asked 3 times\)/);
    server.instead.push(status(503, '', { 'retry-after': '3600' }));
    await expect(session.run(given)).rejects.toMatchObject({ code: 'REMOTE_FAILED' });
    expect(server.runs).toBe(4);
  });
});

describe('an answer that is late', () => {
  test('ends with the time limit, and is not repeated', async () => {
    const limited = await open({ timeoutMs: 300 });
    server.instead.push(() => true);
    await expect(limited.run(given)).rejects.toThrow(/no complete answer within 300 ms.*backend\.timeoutMs/);
    server.instead.push((_seen, response) => void response.write('{"outputs":') === undefined);
    await expect(limited.run(given)).rejects.toMatchObject({ code: 'REMOTE_FAILED' });
    expect(server.runs).toBe(2);
    await limited.dispose();
  });

  test('ends with the signal, also during the pause before a repetition', async () => {
    const aborter = new AbortController();
    server.instead.push(() => {
      aborter.abort();
      return true;
    });
    await expect(session.run(given, { signal: aborter.signal })).rejects.toMatchObject({ code: 'ABORTED' });
    const second = new AbortController();
    server.instead.push((seen, response) => {
      response.once('close', () => setImmediate(() => second.abort()));
      return status(503, '', { 'retry-after': '30' })(seen, response);
    });
    await expect(session.run(given, { signal: second.signal })).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(session.run(given, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
    expect(server.runs).toBe(2);
  });
});

/** An answer in the binary form. */
const answer =
  (outputs: unknown, bytes: number, headers: http.OutgoingHttpHeaders = {}): Instead =>
  (_seen, response) => {
    const head = Buffer.from(JSON.stringify({ outputs }));
    response.writeHead(200, { 'inference-header-content-length': head.length, ...headers });
    response.end(Buffer.concat([head, Buffer.alloc(bytes)]));
    return true;
  };
const output = (more: object = {}): object => {
  return { name: 'out_x', datatype: 'FP32', shape: [1, 2], parameters: { binary_data_size: 8 }, ...more };
};

describe('an answer that is wrong', () => {
  test.each([
    ['a page', status(200, '<html>It works!</html>'), /Expected JSON but the server answered "<html>It works!/],
    ['nothing', status(200), /Expected JSON but the server answered ""/],
    ['JSON of something else', status(200, '[1]'), /Expected the answer of a run as a JSON object.*\[1\]/],
    ['an error with status 200', status(200, '{"error":"no memory"}'), /the server failed: no memory/],
    ['no outputs', answer([], 0), /Expected output "out_x" but the server answered none/],
    ['other outputs', answer([output({ name: 'y' })], 8), /Expected output "out_x" but the server answered "y"/],
    ['another data type', answer([output({ datatype: 'INT32' })], 8), /Expected FP32 .*answered INT32/],
    ['an unknown data type', answer([output({ datatype: 'FP128' })], 8), /Expected one of BOOL.*answered FP128/],
    ['another shape', answer([output({ shape: [1, 3] })], 8), /Expected shape \[-1,2\].*answered \[1,3\]/],
    ['another rank', answer([output({ shape: [2] })], 8), /Expected shape \[-1,2\].*answered \[2\]/],
    ['a shape that is none', answer([output({ shape: [-1, 2] })], 8), /Expected integers ≥ 0 for the shape/],
    ['a huge shape', answer([output({ shape: [1e12, 2] })], 8), /Expected 8000000000000 bytes for .*answered 8/],
    ['too few bytes for the shape', answer([output({ shape: [2, 2] })], 8), /Expected 16 bytes .*answered 8/],
    ['fewer bytes than announced', answer([output()], 7), /ended after \d+ of the \d+ bytes/],
    ['more bytes than announced', answer([output()], 9), /sent more than the \d+ bytes/],
    ['a huge size', answer([output({ parameters: { binary_data_size: 9e14 } })], 8), /at most 1073741824 are read/],
    ['a negative size', answer([output({ parameters: { binary_data_size: -8 } })], 8), /data or binary_data_size/],
    ['a head that is no number', answer([output()], 8, { 'inference-header-content-length': 'x' }), /Inference-Header/],
    ['a head beyond the body', answer([output()], 8, { 'inference-header-content-length': 900 }), /900 bytes of JSON/],
    ['a head that is cut', answer([output()], 8, { 'inference-header-content-length': 9 }), /Expected JSON/],
    [
      'a text among numbers',
      status(200, `{"outputs":[${JSON.stringify(output({ parameters: {}, data: ['a', 1] }))}]}`),
      /"a", which is no FP32/,
    ],
    [
      'too many numbers',
      status(200, `{"outputs":[${JSON.stringify(output({ parameters: {}, data: [1, 2, 3] }))}]}`),
      /Expected 2 elements .*answered 3/,
    ],
  ] as const)('%s', async (_name, fault, text) => {
    server.instead.push(fault as Instead);
    await expect(session.run(given)).rejects.toMatchObject({
      code: 'REMOTE_FAILED',
      message: expect.stringMatching(text),
    });
    const [next] = await session.run(given);
    expect(next!.data).toEqual(given.x.data);
    expect(server.runs, 'not repeated').toBe(2);
  });

  test('an answer without an end is closed at the limit, and little of it is kept', async () => {
    let written = 0;
    const endless = (head: object | undefined): Instead => {
      return (_seen, response) => {
        const text = JSON.stringify(head ?? {});
        response.writeHead(200, head === undefined ? {} : { 'inference-header-content-length': text.length });
        response.write(text);
        const chunk = Buffer.alloc(65_536, 32);
        const more = (): void => {
          if (response.destroyed) return;
          written += chunk.length;
          response.write(chunk, () => setImmediate(more));
        };
        more();
        return true;
      };
    };
    const small = await open({ largestAnswer: 1e6 });
    server.instead.push(endless(undefined));
    await expect(small.run(given)).rejects.toThrow(/at most 1000000 are read; backend\.largestAnswer/);
    expect(written).toBeLessThan(20e6);
    server.instead.push(endless({ outputs: [output()] }));
    await expect(small.run(given)).rejects.toThrow(/sent more than the \d+ bytes/);
    expect(written).toBeLessThan(40e6);
    await small.dispose();
  });
});
