import { readFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import grpc from '@grpc/grpc-js';
import { afterEach, describe, expect, test } from 'vitest';
import { type InferenceSession, loadModel, type OpenInferenceOptions } from '../../../src';
import { loadGrpc } from '../../../src/open-inference/grpc/library';
import { makeCertificate } from '../../helpers/certificate';
import { makeFolder } from '../../helpers/folders';
import { freePort } from '../../helpers/free-port';
import { projectRoot, runProcess } from '../../helpers/project';
import { echoFolder, echoModel, echoServer } from './echo-server';
import { GrpcProtocolServer, status as refusal } from './grpc-protocol-server';
import type { ServedPort } from './protocol-server';

const given = { x: { shape: [1, 2], data: Float32Array.of(1, 2) } };
const x: ServedPort = { name: 'x', datatype: 'FP32', shape: [-1, 2] };

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(credentials?: grpc.ServerCredentials): Promise<GrpcProtocolServer> {
  const server = await new GrpcProtocolServer(echoModel([x]), credentials).start();
  closing.push(() => server.stop());
  return server;
}

async function load(url: string, more: Partial<OpenInferenceOptions> = {}): Promise<InferenceSession> {
  const model = await loadModel(`${url}/echo`, { backend: { kind: 'open-inference', retries: 1, ...more } });
  closing.push(() => model.dispose());
  return model.session;
}

describe('a server that can not be reached', () => {
  test('nothing listens, or no such host: asked again, then an error with the URL', async () => {
    const url = `grpc://127.0.0.1:${await freePort()}`;
    await expect(load(url)).rejects.toMatchObject({
      code: 'REMOTE_FAILED',
      message: `${url}: the connection was refused; is the server running, and is this its port for gRPC? (asked 2 times)`,
    });
    await expect(load('grpc://no-such-host.invalid:8001', { retries: 0 })).rejects.toMatchObject({
      code: 'REMOTE_FAILED',
      message: expect.stringMatching(/^grpc:\/\/no-such-host\.invalid:8001: the name of the server was not found/),
    });
  });

  test('something else listens: another protocol, HTTP, nothing that answers', async () => {
    const listen = async (greeting: string | undefined): Promise<string> => {
      const other = net.createServer((socket) => {
        socket.on('error', () => undefined).resume();
        closing.push(async () => socket.destroy());
        if (greeting !== undefined) socket.end(greeting);
      });
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
      closing.push(async () => other.close());
      return `grpc://127.0.0.1:${(other.address() as AddressInfo).port}`;
    };
    const wrongPort = { code: 'REMOTE_FAILED', message: expect.stringMatching(/is this its port for gRPC\?/) };
    await expect(load(await listen('SSH-2.0-OpenSSH\r\n'))).rejects.toMatchObject(wrongPort);
    const http = await echoServer([x]);
    closing.push(() => http.stop());
    await expect(load(http.url.replace('http', 'grpc'))).rejects.toMatchObject(wrongPort);
    await expect(load(await listen(undefined), { timeoutMs: 300 })).rejects.toMatchObject({
      code: 'REMOTE_FAILED',
      message: expect.stringMatching(/within 300 ms|did not answer in time/),
    });
    const server = await start();
    const overHttp = loadModel(`${server.url.replace('grpc', 'http')}/v2/models/echo`);
    await expect(overHttp).rejects.toThrow(/is this its port for HTTP\?|connection was cut/);
  });

  test('its certificate is of an unknown authority; tls.ca names it', async () => {
    const { key, cert } = makeCertificate();
    const pair = { private_key: readFileSync(key), cert_chain: readFileSync(cert) };
    const secure = await start(grpc.ServerCredentials.createSsl(null, [pair]));
    const { url } = secure;
    await expect(load(url)).rejects.toMatchObject({
      code: 'REMOTE_FAILED',
      message: expect.stringMatching(/self-signed certificate.*NODE_EXTRA_CA_CERTS\), or in backend\.tls\.ca/),
    });
    const session = await load(url, { tls: { ca: cert } });
    expect((await session.run(given))[0]!.data).toEqual(given.x.data);
    await expect(load(url.replace('grpcs', 'grpc'))).rejects.toMatchObject({ code: 'REMOTE_FAILED' });
    const open = await start();
    await expect(load(open.url.replace('grpc', 'grpcs'))).rejects.toThrow(/is this its port for gRPC\?/);
  });

  test('a server that wants a certificate of its clients gets that of tls.cert', async () => {
    const { key, cert } = makeCertificate();
    const pair = { private_key: readFileSync(key), cert_chain: readFileSync(cert) };
    const strict = await start(grpc.ServerCredentials.createSsl(readFileSync(cert), [pair], true));
    await expect(load(strict.url, { tls: { ca: cert } })).rejects.toMatchObject({ code: 'REMOTE_FAILED' });
    const session = await load(strict.url, { tls: { ca: cert, cert, key } });
    expect((await session.run(given))[0]!.data).toEqual(given.x.data);
  });
});

describe('a model that is not there yet', () => {
  test('is asked for again while it is loaded', async () => {
    const server = await start();
    let asked = 0;
    server.always = ({ name }, answer) => {
      if (name !== 'ModelReady' || asked++ > 0) return false;
      return answer(null, { ready: false }) === undefined;
    };
    expect((await (await load(server.url)).run(given))[0]!.data).toEqual(given.x.data);
    server.always = ({ name }, answer) => name === 'ModelReady' && answer(null, { ready: false }) === undefined;
    await expect(load(server.url)).rejects.toThrow(/the model is not ready: .*\(asked 2 times\)/);
  });

  test('no such model, also where a server says of it only that it is not ready or failed', async () => {
    const server = await start();
    const url = `${server.url}/ech/versions/7`;
    const said = 'the server answered NOT_FOUND, "unknown model ech"; it has no model "ech" in version "7"';
    const advice = 'check backend.url, backend.model and backend.version';
    const missing = { code: 'MODEL_NOT_FOUND', message: `${url}: ${said}; ${advice}` };
    await expect(loadModel(url)).rejects.toMatchObject(missing);
    server.always = ({ name }, answer) => name === 'ModelReady' && answer(null, { ready: false }) === undefined;
    await expect(loadModel(url)).rejects.toMatchObject(missing);
    server.always = ({ name }, answer) => name === 'ModelReady' && answer(refusal(grpc.status.UNKNOWN)) === undefined;
    await expect(loadModel(url)).rejects.toMatchObject(missing);
  });
});

describe('several servers', () => {
  test('a server that is killed and started again serves the same model object', async () => {
    const server = await start();
    const session = await load(server.url);
    await session.run(given);
    await server.stop();
    await expect(session.run(given)).rejects.toMatchObject({ code: 'REMOTE_FAILED' });
    await server.start();
    const outputs = await Promise.all(Array.from({ length: 8 }, () => session.run(given)));
    for (const [output] of outputs) expect(output!.data).toEqual(given.x.data);
  });

  test('one is down when the model is loaded, another later: all runs get their results', async () => {
    const [first, second] = [await start(), await start()];
    const url = [`grpc://127.0.0.1:${await freePort()}`, first.url, second.url];
    const backend = { kind: 'open-inference', url, model: 'echo' } as const;
    const model = await loadModel(await echoFolder(), { backend, task: 'tensors' });
    const runs = async (): Promise<void> => {
      const results = await Promise.all(Array.from({ length: 6 }, () => model.session.run(given)));
      for (const [output] of results) expect(output!.data).toEqual(given.x.data);
    };
    await runs();
    expect([first.runs, second.runs]).toEqual([3, 3]);
    await first.stop();
    await runs();
    await second.stop();
    await expect(model.session.run(given)).rejects.toMatchObject({ code: 'REMOTE_FAILED' });
    await model.dispose();
  });
});

test('a process ends although its model was not disposed', async () => {
  const server = await start();
  const code = `
    const { loadModel } = require(${JSON.stringify(projectRoot)});
    loadModel(${JSON.stringify(`${server.url}/echo`)}).then(async ({ session }) => {
      const [output] = await session.run({ x: { shape: [1, 2], data: Float32Array.of(1, 2) } });
      console.log(output.data.join());
    });`;
  const { code: status, stdout, stderr } = await runProcess(process.execPath, ['-e', code]);
  expect([status, stdout.trim()], stderr).toEqual([0, '1,2']);
});

test('gRPC that is not installed is named with the command that installs it', () => {
  expect(() => loadGrpc([path.join(makeFolder(), 'any.js')])).toThrow(
    expect.objectContaining({
      code: 'TOOL_FAILED',
      message: expect.stringMatching(/@grpc\/grpc-js and protobufjs .*npm install @grpc\/grpc-js protobufjs$/),
    }),
  );
});
