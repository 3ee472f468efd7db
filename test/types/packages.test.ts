import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectRoot, runProcess } from '../helpers/project';

const versions = ['5.0', '5.5', '5.9', '6.0'] as const;
const resolutions = { node10: 'commonjs', node16: 'node16', bundler: 'esnext' } as const;

/** sharp's own declarations name a generic `Buffer`, which the types of Node have from TypeScript 5.7 on. */
const sharpsOwn = /sharp\/dist\/index\.d\.m?c?ts\(\d+,\d+\): error TS2315: Type 'Buffer' is not generic/;

/** A package that depends on the packed one, outside this checkout, so that nothing is found in its node_modules. */
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-consumer-'));
  await npm('pack', projectRoot, '--ignore-scripts', '--pack-destination', folder);
  await writeFile(path.join(folder, 'package.json'), '{ "name": "consumer", "version": "1.0.0", "private": true }');
  const { version } = JSON.parse(await readFile(path.join(projectRoot, 'package.json'), 'utf8'));
  const compilers = versions.map((one) => `typescript-${one}@npm:typescript@${one}`);
  await npm(
    'install',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    `./paddlelab-${version}.tgz`,
    ...compilers,
  );
  for (const name of ['compiles.ts', 'refused.ts']) {
    await copyFile(path.join(projectRoot, 'test/types/consumer', name), path.join(folder, name));
  }
  await copyFile(path.join(folder, 'compiles.ts'), path.join(folder, 'compiles.mts'));
}, 300_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function npm(...args: string[]): Promise<void> {
  const { code, stderr } = await runProcess('sh', ['-c', 'cd "$0" && exec npm "$@"', folder, ...args]);
  expect(code, stderr).toBe(0);
}

/** The lines that a compiler refuses, as `file:line`; all the text where one is not in a file of the package. */
async function refusedLines(version: string, resolution: keyof typeof resolutions): Promise<Set<string>> {
  const project = path.join(folder, `tsconfig-${version}-${resolution}.json`);
  const compilerOptions = {
    ...{ strict: true, noEmit: true, target: 'es2022', skipLibCheck: false },
    // Without the DOM, whose declarations take most of the time to check.
    lib: ['es2022'],
    ...{ module: resolutions[resolution], moduleResolution: resolution },
    ...(version === '6.0' && resolution === 'node10' ? { ignoreDeprecations: '6.0' } : {}),
  };
  const files = ['compiles.ts', 'refused.ts', ...(resolution === 'node16' ? ['compiles.mts'] : [])];
  await writeFile(project, JSON.stringify({ compilerOptions, files }));
  const tsc = path.join(folder, 'node_modules', `typescript-${version}`, 'bin/tsc');
  const { stdout } = await runProcess(process.execPath, [tsc, '-p', project]);
  const errors = stdout.split('\n').filter((line) => /^\S/.test(line) && !(version < '5.7' && sharpsOwn.test(line)));
  return new Set(errors.map((line) => /([^/]*)\((\d+),\d+\): error/.exec(line)?.slice(1, 3).join(':') ?? line));
}

const combinations = versions.flatMap((version) =>
  (Object.keys(resolutions) as (keyof typeof resolutions)[]).map((resolution) => [version, resolution] as const),
);

test.each(combinations)(
  'TypeScript %s with %s resolution sees the types whole, with skipLibCheck: false',
  async (version, resolution) => {
    const lines = (await readFile(path.join(folder, 'refused.ts'), 'utf8')).split('\n');
    const expected = lines.flatMap((line, i) => (line.startsWith('export') ? [`refused.ts:${i + 1}`] : []));
    expect(expected.length).toBeGreaterThan(5);
    expect([...(await refusedLines(version, resolution))].sort()).toEqual(expected.sort());
  },
);
