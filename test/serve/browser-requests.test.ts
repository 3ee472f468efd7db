import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ModelServer, type ServeOptions, serve } from '../../src';
import { demoModel } from '../helpers/project';

const load = { engine: 'plain', threads: 1, trial: false } as const;
const unload = '/v2/repository/models/classes/unload';
type Headers = Readonly<Record<string, string>>;

const servers: ModelServer[] = [];

async function start(options: ServeOptions): Promise<string> {
  const server = await serve({ classes: demoModel('shapes_cls_mbv3s') }, { port: 0, load, sessions: 1, ...options });
  servers.push(server);
  return server.url;
}

async function ask(url: string, path: string, method: string, headers: Headers): Promise<string> {
  const sent = request(url + path, { method, headers }).end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const parts: Buffer[] = [];
  for await (const part of answer) parts.push(part as Buffer);
  return `${answer.statusCode} ${Buffer.concat(parts).toString()}`;
}

let url: string;
beforeAll(async () => {
  url = await start({ allowedHosts: ['models.example'] });
}, 60_000);
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
});

test('a page of another site can neither read nor change anything', async () => {
  const { port } = new URL(url);
  const forged: readonly Headers[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    // Another server of this machine.
    { origin: `http://127.0.0.1:${Number(port) + 1}` },
    // A name that points to this machine.
    { host: `evil.example:${port}`, origin: `http://evil.example:${port}` },
    { host: 'localhost.evil.example' },
  ];
  for (const headers of forged) {
    const answer = await ask(url, unload, 'POST', headers);
    expect(answer, JSON.stringify(headers)).toMatch(
      /^401 .*This server has no token and takes no request .*with a token/,
    );
    expect(await ask(url, '/v2/models/classes', 'GET', headers)).toMatch(/^401 /);
  }
  expect(await ask(url, '/v2/models/classes/ready', 'GET', {})).toMatch(/^200 /);
});

test('programs, pages of the server itself, proxies with an allowed name and probes are answered', async () => {
  const { host, port } = new URL(url);
  const allowed: readonly Headers[] = [
    {},
    { origin: `http://${host}` },
    { host: `localhost:${port}`, origin: `http://localhost:${port}` },
    { host: '[::1]:8000' },
    { host: '192.168.1.7' },
    { host: 'models.example' },
  ];
  for (const headers of allowed) {
    expect(await ask(url, '/v2/models/classes', 'GET', headers), JSON.stringify(headers)).toMatch(/^200 /);
  }
  expect(await ask(url, '/v2/health/ready', 'GET', { host: 'any.example' })).toMatch(/^200 /);
});

test('a server of a network is asked by any name; one with a token by any page that has it', async () => {
  const open = await start({ host: '0.0.0.0' });
  expect(await ask(open, '/v2/models/classes', 'GET', { host: 'classes.models.svc' })).toMatch(/^200 /);
  expect(await ask(open, unload, 'POST', { origin: 'https://evil.example' })).toMatch(/^401 /);
  const guarded = await start({ token: 'secret' });
  const headers = { origin: 'https://page.example', host: 'page.example' };
  expect(await ask(guarded, '/v2', 'GET', headers)).toMatch(/^401 .*wants its token/);
  expect(await ask(guarded, '/v2', 'GET', { ...headers, authorization: 'Bearer secret' })).toMatch(/^200 /);
}, 60_000);
