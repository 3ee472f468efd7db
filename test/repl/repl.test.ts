import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { distFile } from '../../src/package-root';
import { emptyFolder, runPython } from '../helpers/jupyter';

type Ended = { code: number | null; stdout: string };

function repl(input: string, ...options: string[]): Promise<Ended> {
  return replIn({}, input, ...options);
}

function replIn(env: NodeJS.ProcessEnv, input: string, ...options: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [distFile('cli/main.js'), 'repl', ...options], {
      cwd: emptyFolder(),
      env: { ...process.env, PADDLELAB_HISTORY: '', ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.on('close', (code) => resolve({ code, stdout }));
    child.stdin.end(input);
  });
}

test('multi-line cells are read from a pipe; the first error ends it', async () => {
  const good = await repl('const a = 1\nfunction f() {\n  return a + 1;\n}\nf()\nawait Promise.resolve(3)\n%lsmagic\n');
  expect(good.stdout).toMatch(/^2\n3\nmagic +what it does\n/);
  expect(good.code).toBe(0);
  const bad = await repl("throw new Error('on purpose')\nconsole.log('never')\n");
  expect(stripVTControlCharacters(bad.stdout)).toMatch(/^Error: on purpose\n/);
  expect(bad.stdout).not.toContain('never');
  expect(bad.code).toBe(1);
});

test('pictures are drawn if a protocol is given', async () => {
  const { stdout } = await repl(
    "({ dtype: 'float32', shape: [2, 2], data: new Float32Array(4) })\n",
    '--graphics',
    'half-blocks',
  );
  expect(stdout).toContain('▀');
  expect(stdout).toContain('Tensor float32[2, 2] min 0, max 0, mean 0');
});

test('on a terminal: completion, several lines, history, interrupt, questions, Ctrl-D', async () => {
  const { code, stdout, stderr } = await runPython(
    '../repl/terminal.py',
    `${process.execPath}\n${distFile('cli/main.js')}`,
  );
  expect(stderr).toBe('');
  expect(stdout).toContain('everything as expected');
  expect(code).toBe(0);
});

test('works below a temp folder whose path is too long for sockets', async () => {
  const long = path.join(emptyFolder(), 'long'.repeat(30));
  mkdirSync(long);
  const { code, stdout } = await replIn({ TMPDIR: long }, '6 * 7\n');
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('42') });
});
