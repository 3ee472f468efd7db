import net from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoModel } from '../helpers/project';
import { ServedProcess } from '../serve/served-process';
import { damage, type HostileRequest } from './hostile-requests';

/** How long a request may take to arrive. */
const receiveTimeout = 1000;
const count = 500;
/** Beyond what the server has after its first requests. */
const mostMemory = 400 * 2 ** 20;

let server: ServedProcess;
beforeAll(async () => {
  const limits = ['--receive-timeout', String(receiveTimeout), '--max-body', '8000000', '--max-memory', '32000000'];
  server = await ServedProcess.start([`shapes=${demoModel('shapes_cls_mbv3s')}`, ...limits, '--log', 'error']);
});
afterAll(async () => {
  server?.child.kill('SIGKILL');
  await server?.ended;
});

/** Sends a request and returns what came back until the connection was closed. */
function send({ parts, pauseMs = 0, end = false }: HostileRequest): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    let timer: NodeJS.Timeout | undefined;
    const socket = net.connect(server.port, '127.0.0.1');
    const left = [...parts];
    const next = (): void => {
      const part = left.shift();
      if (part === undefined) {
        if (end) socket.end();
        return;
      }
      socket.write(part, () => {
        timer = setTimeout(next, pauseMs);
      });
    };
    socket.once('connect', next);
    socket.on('data', (bytes) => {
      // Bodies are not needed.
      if (answer.length < 2000) answer += bytes.toString('latin1').slice(0, 2000);
    });
    // A server may cut what it has refused already.
    socket.once('error', () => undefined);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve(answer);
    });
  });
}

const data = Array.from({ length: 12_288 }, () => 0.5);
const good = JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 3, 64, 64], data }] });

async function expectServing(after: string): Promise<void> {
  const answer = await fetch(`${server.url}/v2/models/shapes/infer`, { method: 'POST', body: good });
  const { outputs } = (await answer.json()) as { outputs?: unknown[] };
  expect({ after, status: answer.status, outputs: outputs?.length }).toEqual({ after, status: 200, outputs: 1 });
}

test('malformed requests end with a status or are cut, memory is bounded, and the next request is served', async () => {
  for (let i = 0; i < 5; i++) await expectServing('start');
  const before = server.memory();
  let largest = 0;
  const statuses = new Map<string, number>();
  for (let start = 0; start < count; start += 20) {
    const batch = Array.from({ length: 20 }, (_, i) => damage(start + i));
    const answers = await Promise.all(batch.map(send));
    largest = Math.max(largest, server.memory());
    for (const [i, answer] of answers.entries()) {
      const { name, mayPass = false } = batch[i]!;
      const status = /^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1] ?? 'cut';
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      const allowed = mayPass ? /^(200|4\d\d|503|cut)$/ : /^(4\d\d|503|cut)$/;
      expect({ name, seed: start + i, status }).toEqual({
        name,
        seed: start + i,
        status: expect.stringMatching(allowed),
      });
      if (status !== 'cut' && status !== '200')
        expect({ name, seed: start + i, answer }).toMatchObject({ answer: expect.stringMatching(/"code":"[A-Z_]+"/) });
    }
    await expectServing(batch.map(({ name }) => name).join(', '));
  }
  process.stderr.write(
    `${count} requests: ${JSON.stringify(Object.fromEntries(statuses))}, memory +${((largest - before) / 2 ** 20).toFixed(0)} MiB at most\n`,
  );
  expect(largest - before).toBeLessThan(mostMemory);
  expect(statuses.get('400')).toBeGreaterThan(50);
  expect(statuses.get('408')).toBeGreaterThan(10);
});

test('many slow connections do not keep others out', { timeout: 60_000 }, async () => {
  const slow = Array.from({ length: 300 }, (_, i) =>
    send({
      name: 'slow',
      parts: ['POST /v2/models/shapes/infer HTTP/1.1\r\nhost: localhost\r\n', `content-length: ${1000 + i}\r\n\r\n{`],
    }),
  );
  await expectServing('slow connections');
  // A connection may be cut before its client has read the status.
  for (const answer of await Promise.all(slow)) expect(answer).toMatch(/^(HTTP\/1\.1 408 |$)/);
  await expectServing('slow connections');
});

test('it is the same process, which still ends as it should', async () => {
  expect(server.child.exitCode).toBe(null);
  expect(server.stderr()).toBe('');
  expect(await server.stop()).toBe(0);
});
