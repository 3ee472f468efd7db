import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { distFile } from '../../src/package-root';
import { demoModel, type ProcessResult, projectRoot, runProcess } from '../helpers/project';
import { ensurePythonOnnx } from './python-paddle';

let folder: string;
let python: string | undefined;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-onnx-'));
  python = await ensurePythonOnnx();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function convert(model: string, out: string): Promise<ProcessResult> {
  const image = path.join(projectRoot, 'notebooks/images/shapes.png');
  const flags = ['--to', 'onnx', '--python', python!, '--image', image];
  return runProcess(process.execPath, [distFile('cli/main.js'), 'convert', model, out, ...flags]);
}

test.for([
  ['shapes_cls_mbv3s', /same class, scores ± /, 'inference.yml'],
  ['shapes_det_picodet', /(\d+) of \1 objects, scores ± /, 'infer_cfg.yml'],
] as const)('%s as ONNX gives what Paddle gives', async ([name, agreement, config], { skip }) => {
  if (python === undefined) return skip('Python has no paddle2onnx');
  const out = path.join(folder, name);
  const { code, stdout, stderr } = await convert(demoModel(name), out);
  expect([code, stderr]).toEqual([0, expect.stringContaining('Converting with paddle2onnx 2.1.0')]);
  expect(stdout).toMatch(agreement);
  expect(Number(/outputs ± \S+ \((\S+) of the largest\)/.exec(stdout)![1])).toBeLessThan(1e-5);
  expect((await readdir(out)).sort()).toEqual([config, 'inference.onnx'].sort());
  const again = await convert(demoModel(name), path.join(out, 'inference.onnx'));
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('is there already; use --overwrite') });
});

// Operators of theirs are not among those that this converter knows.
test.for(['shapes_ins_maskrcnn', 'shapes_seg_ppliteseg'] as const)(
  '%s is refused with a reason',
  async (name, { skip }) => {
    if (python === undefined) return skip('Python has no paddle2onnx');
    const out = path.join(folder, `${name}.onnx`);
    const { code, stderr } = await convert(demoModel(name), out);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /\[MODEL_UNSUPPORTED\]: paddle2onnx can't convert .*(unsupported operators|static input shape)/,
    );
    expect(existsSync(out)).toBe(false);
  },
);
