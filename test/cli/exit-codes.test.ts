import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { createProgram, run } from '../../src/cli/main';
import { distFile } from '../../src/package-root';
import { demoModel, projectRoot, runProcess } from '../helpers/project';

const folder = mkdtempSync(path.join(tmpdir(), 'paddlelab-test-'));
const model = demoModel('shapes_det_picodet');
const image = path.join(projectRoot, 'notebooks/images/shapes.png');

afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** Runs a command line in this process; it must end before anything is loaded. */
async function lineOf(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const into = (text: string[]) => (piece: unknown) => text.push(String(piece)) > 0;
  vi.spyOn(process.stdout, 'write').mockImplementation(into(stdout));
  vi.spyOn(process.stderr, 'write').mockImplementation(into(stderr));
  vi.spyOn(console, 'log').mockImplementation((line) => into(stdout)(`${line}\n`));
  vi.spyOn(console, 'error').mockImplementation((line) => into(stderr)(`${line}\n`));
  const code = await run(argv);
  vi.restoreAllMocks();
  return { code, stdout: stdout.join(''), stderr: stderr.join('') };
}

/** A command with its full chain of words. */
interface Leaf {
  readonly words: readonly string[];
  readonly command: Command;
}

function leaves(command: Command, words: readonly string[] = []): Leaf[] {
  if (command.commands.length === 0) return [{ words, command }];
  return command.commands.flatMap((child) => leaves(child, [...words, child.name()]));
}

/** Valid arguments. */
function argumentsOf({ registeredArguments }: Command): string[] {
  return registeredArguments.map(({ argChoices }) => argChoices?.[0] ?? 'nowhere');
}

describe('a usage error is 2', () => {
  test.each([[[]], [['nonsense']], [['runtime']], [['kernel', 'nonsense']], [['help', 'nonsense']]])(
    'no such command: %j',
    async (argv) => {
      expect(await lineOf(...argv)).toMatchObject({ code: 2, stdout: '' });
    },
  );

  test.each(leaves(createProgram()).map((leaf) => [leaf.words.join(' '), leaf] as const))(
    '%s: unknown flags, missing and superfluous arguments, invalid values',
    async (_, { words, command }) => {
      const given = [...words, ...argumentsOf(command)];
      const wrong = [[...given, '--nonsense']];
      if (command.registeredArguments.some(({ required }) => required)) wrong.push([...words]);
      if (!command.registeredArguments.some(({ variadic }) => variadic)) wrong.push([...given, 'extra']);
      for (const option of command.options) {
        if (option.argChoices !== undefined) wrong.push([...given, option.long as string, 'nonsense']);
        if (/<(n|s|h,w|score|counts|sizes)>/.test(option.flags)) wrong.push([...given, option.long as string, 'x']);
        if (option.required) wrong.push([...given, option.long as string]);
      }
      for (const argv of wrong) {
        const found = await lineOf(...argv);
        expect({ argv, ...found }).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^error/) });
      }
    },
  );

  test.each([
    'infer',
    `infer ${model}`,
    `infer ${model} ${image} --save nonsense`,
    `infer ${model} ${image} --save picture,`,
    `infer ${model} ${image} --device nonsense`,
    `infer ${model} ${image} --threshold 2`,
    `infer ${model} ${image} --batch-size 0`,
    `infer ${model} ${image} --cpu-threads 0`,
    `infer ${model} ${image} --parallel 0`,
    `infer ${model} ${image} --overwrite --resume`,
    `infer ${model} ${image} --use_gpu --use_cpu`,
    `infer ${model} ${image} --json --paddle_output`,
    `infer ${model} ${image} --json --run_benchmark`,
    `infer ${model} street.mp4 --save palette`,
    ...['0/3', '4/3', '3', '1/0', 'x/3', 'auto', 'auto/0'].map((shard) => `infer ${model} ${image} --shard ${shard}`),
    `infer ${model} street.mp4 --shard 1/2`,
    `infer ${model} - --shard 1/2`,
    `infer ${model} ${image} --shard 1/2 --run_benchmark`,
    `ocr ${image} --shard 4/3`,
    'ocr - --shard 1/2',
    'merge one two',
    `infer ${model} ${image} --use_fp16`,
    'compare nowhere --backends nonsense',
    'compare nowhere --runs 0',
    'compare nowhere --threads 0',
    'compare nowhere --threshold 2',
    'compare nowhere --chart chart.pdf',
    'compare nowhere --json --csv',
    'bench nowhere --runs 0',
    'bench nowhere --threads 0',
    'bench nowhere --warmup -1',
    'tune nowhere a.png --images 0',
    'convert nowhere out --opset 3',
    'convert nowhere out --to onnx --precision fp16',
    'convert nowhere out --to onnx --opset 3',
    'runtime install --version newest',
    'kernel install --user --prefix x',
    'kernel install --name a/b --prefix nowhere',
  ])('%s', async (line) => {
    const { code, stderr, stdout } = await lineOf(...line.split(' ').filter(Boolean));
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(/^error/) });
    if (!line.includes('--json')) expect(stdout).toBe('');
  });
});

test.each([
  'infer nowhere a.png',
  'compare nowhere',
  'inspect nowhere',
  'merge nowhere',
  'tune nowhere a.png',
  'convert nowhere out',
  `infer ${model} ${image} --device xpu`,
  'runtime remove 0.0.1',
])('a failed command is 1: %s', async (line) => {
  expect(await lineOf(...line.split(' '))).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^error/),
  });
});

test('the help lists the exit codes', async () => {
  const { code, stdout } = await lineOf('--help');
  expect(code).toBe(0);
  expect(stdout).toMatch(/Exit codes: 0 done, 1 failed, 2 usage error, 3 partly failed, 130 interrupted\./);
});

describe('--json writes nothing but JSON', () => {
  const json = leaves(createProgram()).filter(({ command }) => command.options.some(({ long }) => long === '--json'));

  test('commands that have it', () => {
    expect(json.map(({ words }) => words.join(' ')).sort()).toEqual([
      'compare',
      'doctor',
      'evaluate',
      'fonts list',
      'infer',
      'inspect',
      'merge',
      'models info',
      'models list',
      'models search',
      'ocr',
      'runtime list',
    ]);
  });

  test.each(json.map((leaf) => [leaf.words.join(' '), leaf] as const))(
    '%s: a usage error is an object with the error',
    async (_, { words, command }) => {
      const { code, stdout } = await lineOf(...words, ...argumentsOf(command), '--json', '--nonsense');
      expect(code).toBe(2);
      expect(JSON.parse(stdout)).toEqual({
        error: { code: 'INVALID_ARGUMENT', message: expect.stringMatching(/^unknown option '--nonsense'/) },
      });
    },
  );

  test.each([
    'compare nowhere --json',
    'inspect nowhere --json',
    'infer nowhere a.png --json',
    'infer nowhere a.png --json=True',
  ])('%s: of a failure, too', async (line) => {
    const { code, stdout, stderr } = await lineOf(...line.split(' '));
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'FILE_NOT_FOUND' } });
    expect(stderr).toMatch(/^error \[FILE_NOT_FOUND\]/);
  });

  const cli = (...argv: string[]) => runProcess(process.execPath, [distFile('cli/main.js'), ...argv]);

  test('of images, including failed ones', { timeout: 120_000 }, async () => {
    const broken = path.join(folder, 'broken.png');
    writeFileSync(broken, 'no picture');
    copyFileSync(image, path.join(folder, 'shapes.png'));
    const argv = ['infer', model, folder, '--json', '--engine', 'plain', '--output-dir', path.join(folder, 'out')];
    const { code, stdout } = await cli(...argv);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ file, error }) => [path.basename(String(file)), error === undefined])).toEqual([
      ['broken.png', false],
      ['shapes.png', true],
    ]);
    expect(code).toBe(3);
  });

  test('of a model, a comparison, and no runtime', { timeout: 120_000 }, async () => {
    expect(JSON.parse((await cli('inspect', model, '--json')).stdout)).toMatchObject({ spec: { task: 'detection' } });
    const compared = await cli('compare', model, '--backends', 'plain', '--runs', '1', '--warmup', '1', '--json');
    expect(JSON.parse(compared.stdout)).toMatchObject({ rows: [{ backend: 'plain', kind: 'measured' }] });
    const env = { ...process.env, PADDLELAB_CACHE: path.join(folder, 'empty') };
    const listed = await runProcess(process.execPath, [distFile('cli/main.js'), 'runtime', 'list', '--json'], env);
    expect(JSON.parse(listed.stdout)).toEqual([]);
  });
});
