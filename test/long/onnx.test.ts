import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { distFile } from '../../src/package-root';
import { demoModel, goldenImage, type ProcessResult, projectRoot, runProcess } from '../helpers/project';
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
] as const)("%s as ONNX gives Paddle's results", async ([name, agreement, config], { skip }) => {
  if (python === undefined) return skip('Python has no paddle2onnx');
  const out = path.join(folder, name);
  const { code, stdout, stderr } = await convert(demoModel(name), out);
  expect([code, stderr]).toEqual([0, expect.stringContaining('Converting with paddle2onnx 2.1.0')]);
  expect(stdout).toMatch(agreement);
  expect(Number(/outputs ± \S+ \((\S+) of the largest\)/.exec(stdout)![1])).toBeLessThan(1e-5);
  expect((await readdir(out)).sort()).toEqual([config, 'inference.onnx'].sort());
  const again = await convert(demoModel(name), path.join(out, 'inference.onnx'));
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('already exists; use --overwrite') });
});

// They have operators that this converter does not support.
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

// Simulates a user's project with onnxruntime-node, with the model converted above.
test.for(['shapes_cls_mbv3s', 'shapes_det_picodet'] as const)(
  'onnxruntime-node runs %s for loadModel and compareBackends',
  async (name, { skip }) => {
    if (python === undefined) return skip('Python has no paddle2onnx');
    const onnx = path.join(folder, name, 'inference.onnx');
    const project = path.join(folder, 'project');
    if (!existsSync(path.join(project, 'node_modules/onnxruntime-node'))) {
      await mkdir(project, { recursive: true });
      const install = [
        'install',
        '--prefix',
        project,
        '--no-audit',
        '--no-fund',
        '--ignore-scripts',
        'onnxruntime-node',
      ];
      const installed = await runProcess('npm', install);
      if (installed.code !== 0) return skip(`onnxruntime-node can't be installed here: ${installed.stderr}`);
    }
    const script = `
      process.chdir(${JSON.stringify(project)});
      const lab = require(${JSON.stringify(projectRoot)});
      const [directory, image, onnx] = ${JSON.stringify([demoModel(name), goldenImage('f_rgb_640x480.jpg'), onnx])};
      (async () => {
        const backend = { kind: 'onnxruntime', onnx };
        const own = await lab.withModel(directory, async (model) => [model.runtime.library, await lab.predict(model, image)], { backend });
        const paddle = await lab.withModel(directory, (model) => lab.predict(model, image), { engine: 'plain', trial: false });
        const report = await lab.compareBackends(directory, image, { backends: ['plain', backend], runs: 4, rounds: 2, mode: 'endToEnd' });
        console.log(JSON.stringify({ library: own[0], own: own[1], paddle, rows: report.rows }));
      })();`;
    // onnxruntime's telemetry leaves logs in the temp folder.
    const { stdout, stderr } = await runProcess(process.execPath, ['-e', script], { TMPDIR: folder });
    const { library, own, paddle, rows } = JSON.parse(stdout || 'null') ?? expect.fail(stderr);
    expect(library).toMatch(/^onnxruntime-node \d/);
    expect(rows[1]).toMatchObject({ kind: 'measured', agrees: true });
    const scores = ({ classes, detections }: typeof own): number[] =>
      (classes ?? detections).map(({ score }: { score: number }) => score);
    expect(scores(own).length).toBeGreaterThan(0);
    for (const [i, score] of scores(paddle).entries()) expect(scores(own)[i]).toBeCloseTo(score, 5);
  },
);
