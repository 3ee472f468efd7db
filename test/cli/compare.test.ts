import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { BackendReport } from '../../src';
import { distFile } from '../../src/package-root';
import { makeFolder } from '../helpers/folders';
import { demoModel, projectRoot, runProcess } from '../helpers/project';

const image = path.join(projectRoot, 'notebooks/images/shapes.png');
const model = demoModel('shapes_det_picodet');
const main = distFile('cli/main.js');

function compare(...flags: string[]) {
  return runProcess(process.execPath, [main, 'compare', ...flags]);
}

test('a model is compared, as a table, Markdown, CSV or JSON, with a chart', async () => {
  const few = ['--backends', 'plain,openvino,gpu', '--runs', '2', '--warmup', '1'];
  const chart = path.join(makeFolder(), 'chart.svg');
  const json = await compare(model, image, ...few, '--json', '--chart', chart, '--threads', '1');
  expect(json).toMatchObject({ code: 0, stderr: expect.stringMatching(/loading 1 of 2: plain\n.*round 2 of 2\n/s) });
  const report = BackendReport.fromJson(json.stdout);
  expect(report.rows.map(({ kind }) => kind)).toEqual(['measured', 'measured', 'unavailable']);
  expect(report.measured[0]?.settings.threads).toBe(1);
  expect(await readFile(chart, 'utf8')).toMatch(/^<svg/);
  const table = await compare(model, ...few);
  expect(table.stdout).toMatch(/openvino ★/);
  const markdown = await compare(model, image, ...few, '--markdown');
  expect(markdown.stdout).toMatch(/^\| backend \| median \|/m);
  expect((await compare(model, image, ...few, '--csv')).stdout).toMatch(/^backend,outcome,/);
});

test('exit codes: 1 where nothing could be measured or the model is missing, 2 for a wrong flag', async () => {
  const nothing = await compare(model, image, '--backends', 'gpu');
  expect(nothing).toMatchObject({ code: 1, stdout: expect.stringContaining('unavailable') });
  const missing = await compare('no/such/folder');
  expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('[FILE_NOT_FOUND]') });
  expect(await compare(model, '--runs', 'many')).toMatchObject({ code: 2 });
  expect(await compare(model, '--csv', '--json')).toMatchObject({ code: 2 });
  expect(await compare(model, '--backends', 'onedn')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('backends[0]'),
  });
});

test('Ctrl-C prints the rows that are done and ends with 130', async () => {
  const flags = ['--backends', 'openvino', '--runs', '100000', '--rounds', '10000', '--max-seconds', '3600', '--json'];
  const child = spawn(process.execPath, [main, 'compare', model, image, ...flags], { detached: true });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const code = new Promise((resolve) => child.once('close', resolve));
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    const before = stderr.includes('round 2 of');
    stderr += text;
    // The whole group, as a terminal does.
    if (!before && stderr.includes('round 2 of')) process.kill(-(child.pid ?? 0), 'SIGINT');
  });
  expect(await code).toBe(130);
  expect(BackendReport.fromJson(stdout).rows[0]?.kind).toBe('measured');
});
