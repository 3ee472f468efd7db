import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BackendReport, compareBackends, type InferenceSession } from '../../../src';
import { makeFolder } from '../../helpers/folders';
import { projectRoot, runProcess } from '../../helpers/project';
import { demoServer, detector } from './demo-server';
import type { ProtocolServer } from './protocol-server';

const image = path.join(projectRoot, 'notebooks/images/shapes.png');

let server: ProtocolServer;
let session: InferenceSession;
beforeAll(async () => {
  ({ server, session } = await demoServer());
});
afterAll(async () => {
  await server.stop();
  await session.dispose();
});

test('a model on a server is a row of a comparison, and agrees with the local one', async () => {
  const remote = { kind: 'open-inference', url: server.url, model: 'shapes' } as const;
  const backends = [{ engine: 'plain', threads: 1 } as const, remote, { ...remote, model: 'other', name: 'missing' }];
  const report = await compareBackends(detector, image, { backends, runs: 2, rounds: 2, mode: 'endToEnd' });
  const [, row, missing] = report.rows;
  expect(row).toMatchObject({ backend: 'open-inference', kind: 'measured', agrees: true });
  expect(row).toMatchObject({ library: `test server 1 at ${server.url}` });
  const run = server.seen.findLast(({ path: place }) => place.endsWith('/infer'))!;
  const traffic = { sentBytes: run.body.length, receivedBytes: server.answered.at(-1) };
  expect(row).toMatchObject({ traffic });
  expect(report.rows[0]).not.toHaveProperty('traffic');
  const shown = /787 kB \+ \d+ kB/;
  expect(report.toMarkdown()).toMatch(/\| sent \+ received \|/);
  expect(report.toMarkdown()).toMatch(shown);
  expect(report.toCsv()).toContain(`,${traffic.sentBytes},${traffic.receivedBytes},`);
  expect(BackendReport.fromJson(JSON.stringify(report)).rows[1]).toMatchObject({ traffic });
  const names = report.distributionChart().data.map(({ name }) => name);
  expect(names).toContainEqual(expect.stringMatching(/^open-inference, 787 kB \+ \d+ kB a run$/));
  expect(missing).toMatchObject({ backend: 'missing', reason: expect.stringContaining('it has no model "other"') });
});

test('the infer command writes the same files as locally', async () => {
  const backend = JSON.stringify({ kind: 'open-inference', url: server.url, model: 'shapes' });
  const written = async (...flags: string[]): Promise<Record<string, string>> => {
    const out = makeFolder();
    const main = path.join(projectRoot, 'dist/cli/main.js');
    const words = ['infer', detector, image, '--save', 'picture,coco', '--output-dir', out, ...flags];
    const { code, stdout, stderr } = await runProcess(process.execPath, [main, ...words]);
    expect(code, stderr).toBe(0);
    if (flags[0] === '--backend') expect(stdout + stderr).toContain(`on test server 1 at ${server.url}`);
    const names = (await readdir(out)).filter((file) => !file.startsWith('.')).sort();
    const contents = await Promise.all(names.map((file) => readFile(path.join(out, file), 'base64')));
    return Object.fromEntries(names.map((file, i) => [file, contents[i]!]));
  };
  const ours = await written('--backend', backend);
  expect(Object.keys(ours).length).toBeGreaterThan(1);
  expect(ours).toEqual(await written('--engine', 'plain', '--cpu-threads', '1'));
});
