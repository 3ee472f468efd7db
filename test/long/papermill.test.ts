import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { emptyFolder, jupyterEnv } from '../helpers/jupyter';
import { writeNotebook } from '../helpers/notebooks';
import { type ProcessResult, projectRoot, runProcess } from '../helpers/project';
import { pythonTool } from '../helpers/python-tool';

const packages = [path.join(projectRoot, 'kernels/papermill'), 'papermill', 'ipykernel'];

test('papermill runs a notebook with its parameters, and lists them', async ({ skip }) => {
  const papermill = await pythonTool('papermill', packages);
  if (papermill === undefined) return skip('papermill is not here');
  const folder = emptyFolder();
  const [input, output] = [path.join(folder, 'in.ipynb'), path.join(folder, 'out.ipynb')];
  writeNotebook(
    input,
    [
      "let name: string = 'nobody'; // who\nlet list = [1];\nlet setting = { deep: null as null | number };",
      '[name.length, list[1], setting.deep]',
    ],
    [{ tags: ['parameters'] }],
  );
  const { variables } = await jupyterEnv();
  const run = (...args: string[]): Promise<ProcessResult> => runProcess(papermill, args, variables);
  const yaml = 'name: "Ädä \\"x\\"\\n"\nlist: [1, 2.5]\nsetting: {deep: 3}';
  const ran = await run(input, output, '--log-level', 'ERROR', '--no-progress-bar', '-y', yaml);
  expect(ran.stderr).not.toMatch(/Error/);
  const { cells } = JSON.parse(readFileSync(output, 'utf8'));
  expect(cells[2].outputs[0].data['text/plain'].join?.('') ?? cells[2].outputs[0].data['text/plain']).toBe(
    '[ 8, 2.5, 3 ]',
  );
  const help = await run('--help-notebook', input);
  expect(help.stdout).toMatch(/name: string[\s\S]*who/);
});
