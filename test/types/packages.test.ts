import { readFileSync } from 'node:fs';
import { copyFile, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packPackages } from '../helpers/packages';
import { projectRoot, runProcess } from '../helpers/project';

const versions = ['5.0', '5.5', '5.9', '6.0'] as const;

/** Files of test/types/consumer with lines that must be refused, and the start of these lines. */
const refusals = { 'refused.ts': /^export /, 'default-import.ts': /^(import|export) / };

interface Setting {
  compilerOptions: Record<string, string | boolean>;
  /** Files of test/types/consumer that compile only with this setting. */
  files?: readonly string[];
  /** The first version that supports the setting. */
  since?: string;
}

const settings = {
  // Before TypeScript 6 this is the only setting without esModuleInterop, which our declarations must not need.
  node10: { compilerOptions: { module: 'commonjs', moduleResolution: 'node10' } },
  node16: {
    compilerOptions: { module: 'node16', moduleResolution: 'node16' },
    files: ['compiles.mts', 'default-import.mts', 'require.cts'],
  },
  bundler: { compilerOptions: { module: 'esnext', moduleResolution: 'bundler', esModuleInterop: true } },
  preserve: { compilerOptions: { module: 'preserve', moduleResolution: 'bundler' }, since: '5.4' },
} as const satisfies Record<string, Setting>;
type SettingName = keyof typeof settings;

/**
 * sharp's declarations name a generic `Buffer`, which the types of Node have from TypeScript 5.7 on. An older compiler
 * refuses them without `skipLibCheck`, independent of this package (see the README), so these errors are ignored.
 */
const sharpsOwn = /sharp\/dist\/index\.d\.m?c?ts\(\d+,\d+\): error TS2315: Type 'Buffer' is not generic/;

/** A package that depends on the packed one, outside this checkout, so that its node_modules is not used. */
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-consumer-'));
  const { main, platform } = await packPackages(folder);
  await writeFile(path.join(folder, 'package.json'), '{ "name": "consumer", "version": "1.0.0", "private": true }');
  const compilers = versions.map((one) => `typescript-${one}@npm:typescript@${one}`);
  await npm('install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', main, platform, ...compilers);
  await cp(path.join(projectRoot, 'test/types/consumer'), folder, { recursive: true });
  await copyFile(path.join(folder, 'compiles.ts'), path.join(folder, 'compiles.mts'));
}, 300_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const npm = (...args: string[]): Promise<string> => runInFolder('npm', ...args);

/** The output of a command that must succeed, run in the consumer's folder. */
async function runInFolder(...command: string[]): Promise<string> {
  const { code, stdout, stderr } = await runProcess('sh', ['-c', 'cd "$0" && exec "$@"', folder, ...command]);
  expect(code, stderr).toBe(0);
  return stdout;
}

/** The lines that a compiler refuses, as `file:line`; the full output if an error is outside the package's files. */
async function refusedLines(version: string, name: SettingName): Promise<Set<string>> {
  const setting: Setting = settings[name];
  const project = path.join(folder, `tsconfig-${version}-${name}.json`);
  const compilerOptions = {
    ...{ strict: true, noEmit: true, target: 'es2022', skipLibCheck: false },
    // Without the DOM, whose declarations take most of the checking time.
    lib: ['es2022'],
    ...setting.compilerOptions,
    ...(version === '6.0' && name === 'node10' ? { ignoreDeprecations: '6.0' } : {}),
  };
  const files = ['compiles.ts', ...Object.keys(refusals), ...(setting.files ?? [])];
  await writeFile(project, JSON.stringify({ compilerOptions, files }));
  const tsc = path.join(folder, 'node_modules', `typescript-${version}`, 'bin/tsc');
  const { stdout } = await runProcess(process.execPath, [tsc, '-p', project]);
  const errors = stdout.split('\n').filter((line) => /^\S/.test(line) && !(version < '5.7' && sharpsOwn.test(line)));
  return new Set(errors.map((line) => /([^/]*)\((\d+),\d+\): error/.exec(line)?.slice(1, 3).join(':') ?? line));
}

const combinations = versions.flatMap((version) =>
  (Object.keys(settings) as SettingName[])
    .filter((name) => version >= ((settings[name] as Setting).since ?? ''))
    .map((name) => [version, name] as const),
);

test.each(combinations)(
  'TypeScript %s, %s: the types are complete, with skipLibCheck: false',
  async (version, name) => {
    const expected = Object.entries(refusals).flatMap(([file, start]) => {
      const lines = readFileSync(path.join(folder, file), 'utf8').split('\n');
      return lines.flatMap((line, i) => (start.test(line) ? [`${file}:${i + 1}`] : []));
    });
    expect(expected.length).toBeGreaterThan(20);
    expect([...(await refusedLines(version, name))].sort()).toEqual(expected.sort());
  },
);

test("a default import that compiles has the functions at run time: Node's ES modules have one, CommonJS has none", async () => {
  const asModule = "import paddlelab from 'paddlelab'; console.log(typeof paddlelab.predict)";
  const asCommonJs = "const lab = require('paddlelab'); console.log(typeof lab.predict, lab.__esModule, lab.default)";
  expect(await runInFolder(process.execPath, '--input-type=module', '--eval', asModule)).toBe('function\n');
  expect(await runInFolder(process.execPath, '--eval', asCommonJs)).toBe('function true undefined\n');
});
