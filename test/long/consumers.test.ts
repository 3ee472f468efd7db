import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { list } from 'tar';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeFolder } from '../helpers/folders';
import { type Archives, packPackages } from '../helpers/packages';
import { demoModel, projectRoot, runProcess } from '../helpers/project';
import { type ScopeRegistry, serveRegistry } from './scope-registry';

// Projects of other people: they install the packed files with their package manager, from a registry that has the
// platforms' packages, and predict with their Node, test runner or bundler.

const model = demoModel('shapes_cls_mbv3s');
const image = path.join(projectRoot, 'notebooks/data/cls/heart.png');
const sources = path.join(__dirname, 'consumers');

let archives: Archives;
let registry: ScopeRegistry;
let environment: NodeJS.ProcessEnv;
let tools: string;

beforeAll(async () => {
  archives = await packPackages(makeFolder());
  const manifest = JSON.parse(await fileIn(archives.platform, 'package.json'));
  const other = { ...manifest, name: '@paddlelab/linux-arm64', cpu: ['arm64'] };
  registry = await serveRegistry([{ manifest, archive: archives.platform }, { manifest: other }]);
  environment = {
    ...{ MODEL: model, IMAGE: image },
    // Caches of package managers and test runners stay in it.
    TMPDIR: makeFolder(),
    // Nothing of this checkout is found from the consumers' folders.
    ...{ NODE_PATH: '', INIT_CWD: undefined, NODE_OPTIONS: '' },
  };
  tools = await project({});
  await npm(tools, 'install', 'pnpm@9', 'yarn@1', '@arethetypeswrong/cli@0.18', 'publint@0.3');
});
afterAll(() => registry?.close());

/** A folder outside of this checkout with a package.json and the consumers' files. */
async function project(content: object): Promise<string> {
  const folder = makeFolder();
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ private: true, version: '1.0.0', ...content }));
  await writeFile(path.join(folder, '.npmrc'), `@paddlelab:registry=${registry.url}\n`);
  await cp(sources, folder, { recursive: true });
  return folder;
}

async function fileIn(archive: string, name: string): Promise<string> {
  let text = '';
  await list({
    file: archive,
    onReadEntry: (entry) => {
      if (entry.path === `package/${name}`) entry.on('data', (chunk) => (text += chunk));
    },
  });
  return text;
}

/** The output of a command that must succeed, in a folder. */
async function run(folder: string, ...command: string[]): Promise<string> {
  const result = await runProcess('sh', ['-c', 'cd "$0" && exec "$@"', folder, ...command], environment);
  expect(result.code, `${command.join(' ')}\n${result.stdout.slice(-3000)}\n${result.stderr.slice(-3000)}`).toBe(0);
  return result.stdout;
}

const npm = (folder: string, ...args: string[]): Promise<string> =>
  run(folder, 'npm', ...args, '--no-audit', '--no-fund', '--prefer-offline');

const tool = (name: string): string => path.join(tools, 'node_modules/.bin', name);

test('the platform’s package is fetched with the main one, and no other', async () => {
  const folder = await project({});
  await npm(folder, 'install', archives.main);
  expect(await readdir(path.join(folder, 'node_modules/@paddlelab'))).toEqual(['linux-x64']);
  expect(await run(folder, 'node', 'predict.cjs')).toBe('heart\n');
});

describe.each(['pnpm', 'yarn'])('%s', (manager) => {
  test('installs what predicts from CommonJS and ES modules', async () => {
    const folder = await project({});
    await run(folder, tool(manager), 'add', archives.main);
    for (const file of ['predict.cjs', 'predict.mjs']) expect(await run(folder, 'node', file)).toBe('heart\n');
  });
});

describe('a project of npm', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await project({});
    await npm(folder, 'install', archives.main, 'jest@30', 'vitest@4', 'esbuild@0.28', 'vite@8');
    await npm(folder, 'install', 'webpack@5', 'webpack-cli@6', 'rollup@4');
  });

  test.each([20, 22, 24])('predicts with Node %s from CommonJS, ES modules and a worker thread', async (major) => {
    const place = await project({});
    await npm(place, 'install', `node@${major}`);
    const node = path.join(place, 'node_modules/node/bin/node');
    expect(await run(folder, node, '--version')).toMatch(new RegExp(`^v${major}\\.`));
    for (const file of ['predict.cjs', 'predict.mjs', 'in-worker.cjs']) {
      expect(await run(folder, node, file), file).toBe('heart\n');
    }
    expect(await run(folder, node, 'node_modules/paddlelab/dist/cli/main.js', '--version')).toMatch(
      /^\d+\.\d+\.\d+\n$/,
    );
  });

  test.each([
    ['jest', ['jest', '--rootDir=.', '--testMatch=**/predict.jest.cjs']],
    ['vitest', ['vitest', 'run', 'predict.vitest.mjs', '--config', 'vitest.config.mjs']],
  ])('predicts in a test of %s', async (_, [command = '', ...args]) => {
    await run(folder, path.join(folder, 'node_modules/.bin', command), ...args);
  });

  test.each([
    [
      'esbuild',
      [
        'esbuild',
        'predict.mjs',
        '--bundle',
        '--platform=node',
        '--format=esm',
        '--external:paddlelab',
        '--outfile=out/external.mjs',
      ],
    ],
    ['vite', ['vite', 'build', '--ssr', 'predict.mjs', '--outDir', 'out/vite', '--config', 'vite.config.mjs']],
    ['webpack', ['webpack', '--config', 'webpack.config.cjs']],
    ['rollup', ['rollup', 'predict.mjs', '--external', 'paddlelab', '--file', 'out/rollup.mjs']],
  ])('predicts from a bundle of %s that leaves the package out', async (_, [command = '', ...args]) => {
    await run(folder, path.join(folder, 'node_modules/.bin', command), ...args);
    const built = { esbuild: 'external.mjs', vite: 'vite/predict.mjs', webpack: 'webpack.cjs', rollup: 'rollup.mjs' };
    expect(await run(folder, 'node', `out/${built[command as keyof typeof built]}`)).toBe('heart\n');
  });

  test('a bundle that has the package in itself says how to leave it out', async () => {
    const options = [
      '--bundle',
      '--platform=node',
      '--external:sharp',
      '--loader:.node=copy',
      '--outfile=out/inlined.cjs',
    ];
    await run(folder, path.join(folder, 'node_modules/.bin/esbuild'), 'in-bundle.cjs', ...options);
    // Away from the folder with the package.
    const away = await project({});
    await mkdir(path.join(away, 'node_modules'), { recursive: true });
    await cp(path.join(folder, 'out'), path.join(away, 'out'), { recursive: true });
    await cp(path.join(folder, 'node_modules/sharp'), path.join(away, 'node_modules/sharp'), { recursive: true });
    await cp(path.join(folder, 'node_modules/@img'), path.join(away, 'node_modules/@img'), { recursive: true });
    expect(await run(away, 'node', 'out/inlined.cjs')).toMatch(
      /^PACKAGE_BUNDLED Expected .* esbuild --external:paddlelab/,
    );
  });
});

test('attw and publint find nothing', async () => {
  expect(await run(tools, tool('attw'), archives.main)).toContain('No problems found');
  for (const archive of Object.values(archives)) {
    expect(await run(tools, tool('publint'), archive, '--strict')).toContain('All good');
  }
});

test('README links of the package lead somewhere on npm', async () => {
  const text = await fileIn(archives.main, 'README.md');
  const { repository } = JSON.parse(await fileIn(archives.main, 'package.json'));
  expect(repository.url).toMatch(/^git\+https:\/\//);
  const files = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, file]) => file as string);
  for (const file of files) await readFile(path.join(projectRoot, file));
  expect(files.length).toBeGreaterThan(0);
});
