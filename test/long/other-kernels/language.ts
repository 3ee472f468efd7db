import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OtherKernel } from '../../helpers/other-kernels.cjs';
import type { Probe } from './probe';
import { inTrial, temporaryFolder } from './trial';

/** How long a kernel that watches files may take to notice a change. */
const WATCH_MS = 1500;

const AWAITS: Readonly<Record<string, string>> = {
  '`await name`': 'const promise = Promise.resolve(1); await promise',
  '`await (…)`': 'await (Promise.resolve(1))',
  '`await […]`': 'await [1]',
  '`for await`': 'for await (const x of [1]) {}',
};

export const LANGUAGE: readonly Probe[] = [
  {
    row: 'language',
    try: (kernel) =>
      inTrial(kernel, async (trial) => {
        if (!(await trial.run('const right: number = 5; right')).ok) return 'JavaScript';
        const wrong = await trial.run("const wrong: number = 'text'; wrong");
        return wrong.ok ? 'TypeScript, not type-checked' : 'TypeScript, type-checked';
      }),
  },
  {
    row: 'top-level await, `for await`',
    try: (kernel) =>
      inTrial(kernel, async (trial) => {
        const failing: string[] = [];
        for (const [form, code] of Object.entries(AWAITS)) if (!(await trial.run(code)).ok) failing.push(form);
        if (failing.length === 0) return 'every form';
        return failing.length === Object.keys(AWAITS).length ? 'no' : `${failing.join(', ')} fail`;
      }),
  },
  {
    row: 'a function reads a variable that a later cell reassigned',
    try: (kernel) =>
      inTrial(kernel, async (trial) => {
        await trial.run('let count = 0; function increment() { return ++count; }');
        const { ok, value } = await trial.run('count = 100; increment()');
        if (value === '101') return 'yes';
        return ok ? 'no: silently keeps an old copy' : 'no: an error';
      }),
  },
  {
    row: 'names of a cell that fails',
    try: (kernel) =>
      inTrial(kernel, async (trial) => {
        await trial.run("const early = 1; throw new Error('half-way');");
        return (await trial.run('early')).value === '1' ? 'those assigned before the error are kept' : 'forgotten';
      }),
  },
  {
    row: 'packages that are only ES modules',
    try: (kernel) =>
      inTrial(
        kernel,
        async (trial) => {
          const imported = await trial.run("import d, { e } from 'only-esm'; console.log(d + e)");
          if (imported.stdout.includes('85')) {
            const { text } = await trial.run('e.trim()');
            return text.includes('does not exist on type') ? 'yes, with types' : 'yes, without types';
          }
          const dynamic = await trial.run("import('only-esm').then((all) => console.log('got ' + all.e)); 1");
          return dynamic.text.includes('got 42') ? 'only by `import()`' : 'no';
        },
        { folder: folderWithPackage() },
      ),
  },
  {
    row: 'files of the folder, when they change',
    try(kernel) {
      const { folder, use, write } = filesOf(kernel);
      return inTrial(
        kernel,
        async (trial) => {
          const shows = async (text: string): Promise<boolean> => (await trial.run(use)).stdout.includes(text);
          if (!(await shows('11'))) return 'can not be imported';
          write('inner', 20);
          await sleep(WATCH_MS);
          const behind = await shows('21');
          write('outer', 5);
          await sleep(WATCH_MS);
          if (!(await shows('5'))) return 'not reloaded';
          return `reloaded, ${behind ? 'also' : 'not'} when imported indirectly`;
        },
        { folder },
      );
    },
  },
  {
    row: 'types of Node in an empty folder',
    try: (kernel) =>
      inTrial(kernel, async (trial) => {
        const { ok, text } = await trial.run('process.version.nothing');
        if (ok) return 'no types';
        return text.includes('does not exist on type') ? 'yes' : 'no';
      }),
  },
  {
    row: 'errors',
    try: (kernel) =>
      inTrial(kernel, async (trial) => {
        const head = kernel.language === 'typescript' ? 'interface A {\n  a: 1;\n}' : '// 1\n// 2\n// 3';
        const { text } = await trial.run(`${head}\nfunction boom() {\n  throw new Error('x');\n}\nboom();`);
        const line = /boom \([^)]*?:(\d+):\d+\)/.exec(text)?.[1];
        if (line === undefined) return 'no lines';
        return line === '5' ? 'lines of the cell' : 'lines of the compiled code';
      }),
  },
];

interface Files {
  folder: string;
  /** A cell that prints the sum of the numbers in both files. */
  use: string;
  write(name: 'outer' | 'inner', number: number): void;
}

/** Two files in the kernel's own language; the outer one imports the inner one. */
function filesOf({ name: kernel, language }: OtherKernel): Files {
  const folder = temporaryFolder();
  const isTypeScript = language === 'typescript';
  const ending = kernel === 'Deno' ? '.ts' : '';
  const texts = {
    outer: (n: number) =>
      isTypeScript
        ? `import { inner } from './inner${ending}'; export const outer = () => inner + ${n};`
        : `const { inner } = require('./inner'); exports.outer = () => inner + ${n};`,
    inner: (n: number) => (isTypeScript ? `export const inner: number = ${n};` : `exports.inner = ${n};`),
  };
  const write: Files['write'] = (name, number) =>
    writeFileSync(path.join(folder, `${name}.${isTypeScript ? 'ts' : 'js'}`), texts[name](number));
  write('outer', 1);
  write('inner', 10);
  const use = isTypeScript
    ? `import { outer } from './outer${ending}'; console.log(outer())`
    : "console.log(require('./outer').outer())";
  return { folder, use, write };
}

function folderWithPackage(): string {
  const folder = temporaryFolder();
  const home = path.join(folder, 'node_modules/only-esm');
  mkdirSync(home, { recursive: true });
  const entry = { import: { types: './index.d.ts', default: './index.js' } };
  const manifest = { name: 'only-esm', version: '1.0.0', type: 'module', exports: entry };
  const files = {
    'package.json': JSON.stringify(manifest),
    'index.js': 'export const e = await Promise.resolve(42); export default 43;',
    'index.d.ts': 'export const e: number; declare const d: number; export default d;',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(home, name), text);
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ dependencies: { 'only-esm': '1.0.0' } }));
  return folder;
}
