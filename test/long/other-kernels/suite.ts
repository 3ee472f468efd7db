import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensurePythonEnv } from '../../../src/dev/python-env';
import type { OtherKernel } from '../../helpers/other-kernels.cjs';
import type { Probe } from './probe';
import { temporaryFolder } from './trial';

/** The code for showing HTML in each kernel, for the display tests. */
const DISPLAYS: Readonly<Record<OtherKernel['name'], string>> = {
  tslab: "import { display } from 'tslab'; display.html('<b>1</b>')",
  Deno: "await Deno.jupyter.display({ 'text/html': '<b>1</b>' }, { raw: true })",
  ijavascript: "$$.display('one').html('<b>1</b>')",
};

export const SUITE: readonly Probe[] = [
  {
    row: "the protocol's own test suite",
    async try(kernel) {
      const folder = temporaryFolder();
      const home = path.join(folder, 'kernels', kernel.name.toLowerCase());
      mkdirSync(home, { recursive: true });
      const spec = { argv: kernel.argv, display_name: kernel.name, language: kernel.language };
      writeFileSync(path.join(home, 'kernel.json'), JSON.stringify(spec));
      const { python } = await ensurePythonEnv();
      const job = { kernel: path.basename(home), language: kernel.language, display: DISPLAYS[kernel.name] };
      try {
        return await run(python, folder, job);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  },
];

function run(python: string, folder: string, job: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, [path.join(__dirname, 'protocol_suite.py')], {
      cwd: folder,
      env: { ...process.env, JUPYTER_PATH: folder, JUPYTER_RUNTIME_DIR: path.join(folder, 'runtime') },
    });
    let text = '';
    child.stderr.setEncoding('utf8').on('data', (part) => {
      text += part;
    });
    child.on('close', () => {
      const ran = /^Ran (\d+) tests/m.exec(text)?.[1];
      if (ran === undefined) return reject(new Error(text));
      const failed = [...text.matchAll(/^test_(\w+) .*\.\.\. (?:FAIL|ERROR)$/gm)].map(([, name]) => name);
      const bad = /^(?:ERROR|FAIL): (\w+)/gm;
      const names = new Set([...text.matchAll(bad)].map(([, name]) => name));
      resolve(failed.length + names.size === 0 ? 'whole' : `fails ${names.size} of ${ran}`);
    });
    child.stdin.end(JSON.stringify(job));
  });
}
