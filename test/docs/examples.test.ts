import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { distFile } from '../../src/package-root';
import { blocksOf, examplesEnvironment, examplesFolder, pages } from '../helpers/examples';
import { freePort } from '../helpers/free-port';
import { compileFiles } from '../helpers/type-check';
import { commandLines, isRunnable, refusalOf } from './command-lines';
import { type Script, writeScripts } from './scripts';

// What a reader copies from a page works: scripts compile in a strict project and run beside the demo models and
// images, command lines are understood, and the quick ones run. Blocks `ts cell` are a notebook's cells, which see the
// helpers and each other; a block `ts no-run` is only compiled, and the line before says why.

const reason = /^<!-- not run: .{10,} -->$/;

let folder: string;
let environment: NodeJS.ProcessEnv;
let scripts: Script[];
let ran: string[];
let errors: Record<Script['kind'], string[]>;

beforeAll(async () => {
  folder = examplesFolder();
  environment = { ...process.env, ...(await examplesEnvironment()), PORT: String(await freePort()) };
  scripts = pages().flatMap((page) => writeScripts(page, folder));
  ran = [];
  const compile = (kind: Script['kind']): string[] =>
    compileFiles(
      scripts.filter((script) => script.kind === kind).map(({ source }) => source),
      kind,
    );
  errors = { script: compile('script'), cell: compile('cell') };
});

interface Job {
  readonly place: string;
  readonly script?: string;
  readonly argv?: readonly string[];
  readonly commandLine?: string;
}

/** Runs examples in one process; @returns what failed */
function runJobs(jobs: readonly Job[]): Promise<string[]> {
  const child = fork(path.join(__dirname, 'run-examples.cjs'), { cwd: folder, env: environment, silent: true });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const left = jobs.map(({ place }) => place);
  const failures: string[] = [];
  child.on('message', ({ place, error }: { place: string; error?: string }) => {
    left.shift();
    if (error !== undefined) failures.push(`${place}: ${error}\n${output.slice(-2000)}`);
  });
  child.send(jobs);
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      if (left.length > 0) failures.push(`${left[0]}: ended with ${signal ?? code}\n${output.slice(-2000)}`);
      resolve(failures);
    });
  });
}

/** Scripts and command lines of a page, in its order; code that ran on another page is left out. */
function jobsOf(page: string): Job[] {
  return blocksOf(page).flatMap((block): Job[] => {
    const script = scripts.find(({ place }) => place === block.place);
    if (script === undefined) {
      const lines = commandLines([block]).filter(({ argv }) =>
        isRunnable(argv, (file) => existsSync(path.join(folder, file))),
      );
      return lines.map((line) => ({ ...line, commandLine: distFile('cli/main.js') }));
    }
    if (script.notRun !== undefined || ran.includes(script.code)) return [];
    ran.push(script.code);
    return [{ place: block.place, script: script.compiled }];
  });
}

test('the scripts compile in a strict project, the cells in a notebook', () => {
  expect(scripts.length).toBeGreaterThan(10);
  expect(errors).toEqual({ script: [], cell: [] });
});

test('what is not run has its reason on the line before', () => {
  const silent = scripts.filter(({ notRun }) => notRun !== undefined && !reason.test(notRun));
  expect(silent.map(({ place }) => place)).toEqual([]);
});

test.each(pages())('the command lines of %s are understood', async (page) => {
  const refused: string[] = [];
  for (const { place, argv } of commandLines(blocksOf(page))) {
    const why = await refusalOf(argv);
    if (why !== undefined) refused.push(`${place}: ${argv.join(' ')}: ${why}`);
  }
  expect(refused).toEqual([]);
});

test.each(pages())(
  'the examples of %s run',
  async (page) => {
    const jobs = jobsOf(page);
    if (jobs.length > 0) expect(await runJobs(jobs)).toEqual([]);
  },
  300_000,
);
