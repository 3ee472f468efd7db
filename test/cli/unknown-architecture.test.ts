import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { distFile } from '../../src/package-root';
import { demoModel, projectRoot, runProcess } from '../helpers/project';

/** Each test starts programs, which are slow on a busy machine. */
vi.setConfig({ testTimeout: 120_000 });

const folder = mkdtempSync(path.join(tmpdir(), 'paddlelab-test-'));
const model = path.join(folder, 'rtmdet');
const image = path.join(projectRoot, 'notebooks/images/shapes.png');
const cli = (...argv: string[]) => runProcess(process.execPath, [distFile('cli/main.js'), ...argv]);
const infer = (...flags: string[]) =>
  cli('infer', model, image, '--engine', 'plain', '--json', '--output-dir', path.join(folder, 'out'), ...flags);

beforeAll(() => {
  cpSync(demoModel('shapes_det_picodet'), model, { recursive: true });
  const config = path.join(model, 'infer_cfg.yml');
  writeFileSync(config, readFileSync(config, 'utf8').replace('arch: GFL', 'arch: RTMDet'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('infer refuses a model of an unknown architecture, and names the flag that accepts it', async () => {
  const { code, stderr } = await infer();
  expect(code).toBe(1);
  expect(stderr).toContain('`paddlelab infer --task detection`');
  const told = await infer('--task', 'detection');
  expect({ code: told.code, stderr: told.stderr }).toMatchObject({ code: 0 });
  expect(JSON.parse(told.stdout)).toMatchObject({ kind: 'detection' });
});

test('inspect shows what its files declare', async () => {
  const { code, stdout } = await cli('inspect', model);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^task +tensors \(PaddleDetection 2\.x, RTMDet\)$/m);
  expect(stdout).toMatch(/^classes +circle, square/m);
});
