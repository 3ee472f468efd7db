import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { examplesFolder } from '../helpers/examples';
import { freePort } from '../helpers/free-port';
import { projectRoot } from '../helpers/project';
import { compileFiles } from '../helpers/type-check';
import { writeScripts } from './scripts';

// The HTTP server of the recipes, as a process of its own.

const picture = readFileSync(path.join(projectRoot, 'notebooks/images/shapes.png'));
let port: number;
let server: ChildProcess;

beforeAll(async () => {
  const folder = examplesFolder();
  const script = writeScripts('docs/recipes.md', folder).find(({ code }) => code.includes('createServer'));
  expect(compileFiles([script!.source], 'script')).toEqual([]);
  port = await freePort();
  server = spawn(process.execPath, [script!.compiled], {
    cwd: folder,
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // The model is loaded first.
  await once(server.stdout!, 'data');
});
afterAll(() => {
  server?.kill('SIGKILL');
});

async function post(
  body: Buffer | string,
  method = 'POST',
): Promise<{ status: number; answer: Record<string, unknown> }> {
  const response = await fetch(`http://127.0.0.1:${port}`, method === 'POST' ? { method, body } : { method });
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
}

test('answers many requests at once', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => post(picture)));
  for (const { status, answer } of answers) {
    expect(status).toBe(200);
    expect((answer.detections as unknown[]).length).toBeGreaterThan(5);
  }
});

test('errors become status codes', async () => {
  expect((await post('', 'GET')).status).toBe(405);
  const { status, answer } = await post('no image');
  expect([status, answer.error]).toEqual([415, expect.stringMatching(/expected a JPEG/)]);
  expect((await post(Buffer.alloc(20e6 + 1))).status).toBe(413);
});

test('a client that leaves, before or after its image is sent, costs nothing', async () => {
  for (const part of [picture, picture.subarray(0, 1000)]) {
    const client = connect(port, '127.0.0.1');
    client.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${picture.length}\r\n\r\n`);
    await new Promise((resolve) => client.write(part, resolve));
    client.destroy();
    await once(client, 'close');
  }
  expect((await post(picture)).status).toBe(200);
});

test('ends when it is told to', async () => {
  server.kill('SIGTERM');
  expect(await once(server, 'exit')).toEqual([0, null]);
});
