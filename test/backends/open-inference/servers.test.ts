import { readFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type InferenceSession, loadModel, type OpenInferenceOptions } from '../../../src';
import { makeCertificate } from '../../helpers/certificate';
import { freePort } from '../../helpers/free-port';
import { demoServer, detector } from './demo-server';
import { echoFolder, echoModel, echoServer } from './echo-server';
import { ProtocolServer, type ServedPort } from './protocol-server';

const given = { x: { shape: [1, 2], data: Float32Array.of(1, 2) } };
const x: ServedPort = { name: 'x', datatype: 'FP32', shape: [-1, 2] };

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(ports: readonly ServedPort[] = [x]): Promise<ProtocolServer> {
  const server = await echoServer(ports);
  closing.push(() => server.stop());
  return server;
}

async function load(url: string, more: Partial<OpenInferenceOptions> = {}): Promise<InferenceSession> {
  const model = await loadModel(`${url}/v2/models/echo`, { backend: { kind: 'open-inference', retries: 1, ...more } });
  closing.push(() => model.dispose());
  return model.session;
}

describe('a server that can not be reached', () => {
  test('nothing listens, or no such host: asked again, then an error with the URL', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    await expect(load(url)).rejects.toMatchObject({
      code: 'REMOTE_FAILED',
      message: `${url}/v2: the connection was refused; is the server running, and is this its port for HTTP? (asked 2 times)`,
    });
    await expect(load('http://no-such-host.invalid:8000', { retries: 0 })).rejects.toMatchObject({
      code: 'REMOTE_FAILED',
      message: expect.stringMatching(/^http:\/\/no-such-host\.invalid:8000\/v2: the name of the server was not found/),
    });
  });

  test('something else listens: no HTTP, another protocol, gRPC', async () => {
    const other = net.createServer((socket) =>
      socket
        .on('error', () => undefined)
        .resume()
        .end('SSH-2.0-OpenSSH\r\n'),
    );
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => other.close(resolve)));
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    await expect(load(url)).rejects.toMatchObject({
      code: 'REMOTE_FAILED',
      message: expect.stringMatching(/HTTP.*; is this its port for HTTP\?/),
    });
    const server = await start();
    server.always = (_seen, response) => response.end('<html>') !== undefined;
    await expect(load(server.url)).rejects.toThrow(
      /answered "<html>"; is it a server of the Open Inference Protocol v2/,
    );
  });

  test('its certificate is of an unknown authority; tls.ca names it', async () => {
    const { folder, key, cert } = makeCertificate();
    const secure = new ProtocolServer(echoModel([x]), { key: readFileSync(key), cert: readFileSync(cert) });
    await secure.start();
    closing.push(() => secure.stop());
    const { url } = secure;
    await expect(load(url)).rejects.toMatchObject({
      code: 'REMOTE_FAILED',
      message: expect.stringMatching(/self-signed certificate.*NODE_EXTRA_CA_CERTS\), or in backend\.tls\.ca/),
    });
    const session = await load(url, { tls: { ca: cert } });
    expect((await session.run(given))[0]!.data).toEqual(given.x.data);
    await expect(load(url, { tls: { ca: path.join(folder, 'none.pem') } })).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
  });
});

describe('a model that is not there yet', () => {
  test('is asked for again while it is loaded', async () => {
    const server = await start();
    let asked = 0;
    server.always = ({ path: place }, response) => {
      if (!place.endsWith('/ready') || asked++ > 0) return false;
      return response.writeHead(400).end('{"error":"still loading"}') !== undefined;
    };
    expect((await (await load(server.url)).run(given))[0]!.data).toEqual(given.x.data);
    const known = server.always;
    server.always = ({ path: place }, response) =>
      place.endsWith('/ready') && response.writeHead(400).end('{"error":"Model version not ready"}') !== undefined;
    // As Triton: the same answer for a model that it does not have, which it can't describe.
    await expect(loadModel(`${server.url}/v2/models/ech`)).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    server.always = known;
    asked = -99;
    server.always = ({ path: place }, response) =>
      place.endsWith('/ready') && response.writeHead(503).end() !== undefined;
    await expect(load(server.url)).rejects.toThrow(
      /echo\/ready: the model is not ready: .*answered 503.*\(asked 2 times\)/,
    );
  });

  test('no such model, and metadata that mean nothing', async () => {
    const server = await start();
    const missing = loadModel(`${server.url}/v2/models/ech/versions/7`);
    await expect(missing).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: expect.stringMatching(/answered 404.*it has no model "ech" in version "7" at this URL/),
    });
    const strange = await start([{ ...x, datatype: 'TYPE_FP32' }]);
    await expect(load(strange.url)).rejects.toThrow(/Expected one of BOOL.* for the datatype of "x" .*"TYPE_FP32"/);
    await expect(load((await start([x, x])).url)).rejects.toThrow(/has "x" twice among its inputs/);
    await expect(load((await start([])).url)).rejects.toThrow(
      /does not say which inputs this model has; give loadModel/,
    );
  });
});

describe('a server that describes only a part', () => {
  test('the answer says which outputs there are; with a folder, the export does', async () => {
    const server = new ProtocolServer({ ...echoModel([x]), outputs: [] });
    await server.start();
    closing.push(() => server.stop());
    const [output] = await (await load(server.url)).run(given);
    expect(output).toMatchObject({ name: 'out_x', shape: [1, 2], data: given.x.data });
    const backend = { kind: 'open-inference', url: server.url, model: 'echo' } as const;
    const model = await loadModel(await echoFolder(), { backend, task: 'tensors' });
    closing.push(() => model.dispose());
    expect(model.session.outputNames).toEqual(['out_x']);
    expect((await model.session.run(given))[0]!.data).toEqual(given.x.data);
  });
});

describe('names of an export', () => {
  test('that differ from those of the server are listed, and can be given', async () => {
    const { server, session, model: served } = await demoServer();
    closing.push(
      () => session.dispose(),
      () => server.stop(),
    );
    const rename = <T extends ServedPort>(port: T): T => (port.name === 'image' ? { ...port, name: 'INPUT__0' } : port);
    const back = <T extends ServedPort>(port: T): T => (port.name === 'INPUT__0' ? { ...port, name: 'image' } : port);
    const other = new ProtocolServer({
      ...served,
      inputs: served.inputs.map(rename),
      run: (tensors) => served.run(tensors.map(back)),
    });
    await other.start();
    closing.push(() => other.stop());
    const backend = { kind: 'open-inference', url: other.url, model: 'shapes' } as const;
    await expect(loadModel(detector, { backend })).rejects.toThrow(
      /Expected inputs "image".* of the export but the server's model has .*"INPUT__0".*names: \{ 'image': '…' \}/,
    );
    const model = await loadModel(detector, { backend: { ...backend, names: { image: 'INPUT__0' } } });
    closing.push(() => model.dispose());
    const { inputs } = await model.preprocess(path.join(__dirname, '../../../notebooks/images/shapes.png'));
    expect(await model.session.run(inputs)).toEqual(await session.run(inputs));
  });
});

describe('several servers', () => {
  async function several(
    servers: readonly { readonly url: string }[],
    more: Partial<OpenInferenceOptions> = {},
  ): Promise<InferenceSession> {
    const url = servers.map((server) => server.url);
    const backend = { kind: 'open-inference', url, model: 'echo', ...more } as const;
    const model = await loadModel(await echoFolder(), { backend, task: 'tensors' });
    closing.push(() => model.dispose());
    return model.session;
  }

  test('share the load, and each is asked for what it takes', async () => {
    const servers = [await start(), await start(), await start()];
    servers[1]!.binary = false;
    const session = await several(servers);
    await Promise.all(Array.from({ length: 12 }, () => session.run(given)));
    expect(servers.map(({ runs }) => runs)).toEqual([4, 4, 4]);
    const types = servers.map(({ seen }) => seen.at(-1)!.headers['content-type']);
    expect(types).toEqual(['application/octet-stream', 'application/json', 'application/octet-stream']);
  });

  test('one is down when the model is loaded, another later: all runs get their results', async () => {
    const [first, second] = [await start(), await start()];
    const down = { url: `http://127.0.0.1:${await freePort()}` };
    const session = await several([down, first, second]);
    await Promise.all(Array.from({ length: 6 }, () => session.run(given)));
    await first.stop();
    const results = await Promise.all(Array.from({ length: 6 }, () => session.run(given)));
    for (const [output] of results) expect(output!.data).toEqual(given.x.data);
    await second.stop();
    await expect(session.run(given)).rejects.toMatchObject({ code: 'REMOTE_FAILED' });
  });

  test('connections are kept, and no more are opened than allowed', async () => {
    const server = await start();
    const session = await several([server], { connections: 2 });
    await Promise.all(Array.from({ length: 20 }, () => session.run(given)));
    expect(server.connections).toBeLessThanOrEqual(2);
  });
});
