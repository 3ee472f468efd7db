import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { distFile } from '../../src/package-root';
import { makeFolder } from '../helpers/folders';
import { runPython } from '../helpers/jupyter';
import { demoModel, goldenImage, type ProcessResult, runProcess } from '../helpers/project';
import { makeArchive } from '../hub/archives';
import { ModelServer } from '../hub/model-server';

/** Each test starts processes, which are slow on a busy machine. */
vi.setConfig({ testTimeout: 120_000 });

const demo = demoModel('shapes_det_picodet');
const archivePath = '/own/PicoDet-S_infer.tar';
let server: ModelServer;
let variables: NodeJS.ProcessEnv;

beforeAll(async () => {
  server = await new ModelServer().start();
  server.files.set(archivePath, await makeArchive(demo, 'PicoDet-S_infer', path.join(makeFolder(), 'model.tar')));
});
afterAll(() => server.stop());

beforeEach(() => {
  variables = { PADDLELAB_MODELS: makeFolder(), PADDLELAB_MODEL_SOURCE: `${server.url}/own`, NO_PROXY: '127.0.0.1' };
});

function cli(...args: string[]): Promise<ProcessResult> {
  return runProcess(process.execPath, [distFile('cli/main.js'), ...args], variables);
}

async function output(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await cli(...args);
  expect(code, stderr).toBe(0);
  return stdout;
}

test('search and list say what this version does with each model', async () => {
  const found = await output('models', 'search', 'layout', 'picodet-s');
  expect(found.split('\n').slice(0, 2).join('\n')).toMatch(
    /^NAME +TASK +SIZE +RUNS\nPicoDet-S_layout_3cls +detection +5 MB +predict$/,
  );
  const all = JSON.parse(await output('models', 'list', '--json')) as { name: string; runs: string; why: string }[];
  expect(all).toHaveLength(301);
  // Whatever does not make results says why.
  expect(all.filter(({ runs, why }) => (runs === 'predict') !== (why === ''))).toEqual([]);
  expect(await output('models', 'list', '--pulled')).toContain('No model matches');
});

test('pull, info, verify and remove', async () => {
  const { stdout, stderr } = await cli('models', 'pull', 'PicoDet-S');
  const folder = path.join(variables.PADDLELAB_MODELS as string, 'PicoDet-S');
  expect(stdout).toBe(`PicoDet-S from own place is in ${folder} (2 MB)\n`);
  expect(stderr).toMatch(/^Looking for it\nDownloading +\d+% \(.* of 2 MB.*\)\n[\s\S]*Checking the SHA-256\nUnpacking/);
  expect(await output('models', 'info', 'PicoDet-S')).toMatch(
    /runs +predict\n[\s\S]*pulled +.*from http[\s\S]*SHA-256 +[0-9a-f]{64}/,
  );
  expect(await output('models', 'verify')).toBe('PicoDet-S: intact\n');
  writeFileSync(path.join(folder, 'infer_cfg.yml'), 'changed');
  const damaged = await cli('models', 'verify', 'PicoDet-S');
  expect([damaged.code, damaged.stdout]).toEqual([3, expect.stringContaining('damaged (infer_cfg.yml); fix: ')]);
  expect(await output('models', 'remove', 'PicoDet-S')).toBe('Removed PicoDet-S (2 MB)\n');
  const gone = await cli('models', 'remove', 'PicoDet-S');
  expect([gone.code, gone.stderr]).toEqual([1, expect.stringContaining('[MODEL_NOT_FOUND]')]);
});

test('sources that failed are named, on the way and at the end', async () => {
  const mirror = { HF_ENDPOINT: server.url, MODELSCOPE_DOMAIN: server.url };
  variables = { ...variables, ...mirror, PADDLELAB_BAIDU_ENDPOINT: `${server.url}/baidu` };
  const { code, stderr } = await cli('models', 'pull', 'PicoDet-M');
  expect(code).toBe(1);
  for (const source of ['own place', 'baidu', 'huggingface', 'modelscope']) {
    expect(stderr).toMatch(new RegExp(`note: ${source}: http.* the server answered 404`));
    expect(stderr).toMatch(new RegExp(`\\n {2}- ${source}: http.* the server answered 404`));
  }
  expect(stderr).toMatch(/error \[DOWNLOAD_FAILED\][\s\S]*Check the network[\s\S]*--source FOLDER/);
});

test('wrong uses', async () => {
  const misspelt = await cli('models', 'pull', 'PicoDet-s');
  expect([misspelt.code, misspelt.stderr]).toEqual([1, expect.stringContaining('did you mean PicoDet-S')]);
  const source = await cli('models', 'pull', 'PicoDet-S', '--source', 'pipy');
  expect([source.code, source.stderr]).toEqual([
    2,
    expect.stringMatching(/one of "baidu".*, a URL, or a path .* received "pipy"/),
  ]);
  const json = await cli('models', 'info', 'nothing', '--json');
  expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: 'MODEL_NOT_FOUND' } });
});

test('offline, a name that was not pulled is an error with a way out', async () => {
  variables = { ...variables, PADDLELAB_OFFLINE: '1' };
  const before = server.seen.length;
  const { code, stderr } = await cli('inspect', 'PicoDet-S');
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/offline mode is on[\s\S]*PADDLELAB_OFFLINE\): turn it off/),
  ]);
  expect(server.seen).toHaveLength(before);
});

test('Ctrl-C keeps the download so far, and says so', async () => {
  server.answers.set(archivePath, [{ stall: 100_000 }]);
  const command = ['/usr/bin/env', ...Object.entries(variables).map(([key, value]) => `${key}=${value}`)];
  command.push(process.execPath, distFile('cli/main.js'), 'models', 'pull', 'PicoDet-S');
  const { code, stdout } = await runPython(
    '../cli/press_key.py',
    JSON.stringify({ command, key: '\u0003', after: 'Downloading.*kB' }),
  );
  expect(code).toBe(130);
  expect(stdout).toContain('Interrupted. The download so far is kept; run the same command to continue it.');
  await output('models', 'pull', 'PicoDet-S');
  expect(server.requestsFor(archivePath).at(-1)?.headers.range).toMatch(/^bytes=[1-9]\d*-$/);
});

describe('a name in place of a folder', () => {
  const image = goldenImage('a_rgb_402x270.png');

  beforeEach(() => {
    const source = makeFolder();
    mkdirSync(source, { recursive: true });
    symlinkSync(demo, path.join(source, 'PicoDet-S'));
    variables = { ...variables, PADDLELAB_MODEL_SOURCE: source };
  });

  const out = (): string => path.join(makeFolder(), 'out');

  test.each([
    ['infer', () => ['infer', 'PicoDet-S', image, '--output-dir', out(), '--engine', 'plain'], /1 of 1 image done/],
    [
      'infer --model_dir',
      () => ['infer', '--model_dir=PicoDet-S', `--image_file=${image}`, `--output_dir=${out()}`],
      /./,
    ],
    ['inspect', () => ['inspect', 'PicoDet-S'], /classes +circle, square/],
    ['compare', () => ['compare', 'PicoDet-S', '--backends', 'plain', '--preset', 'quick', '--runs', '2'], /plain/],
    ['bench', () => ['bench', 'PicoDet-S', '--warmup', '1', '--runs', '2'], /\| PicoDet-S \|/],
    [
      'tune',
      () => ['tune', 'PicoDet-S', image, '--output', path.join(makeFolder(), 'shapes.pbtxt')],
      /Wrote the shapes/,
    ],
    ['convert', () => ['convert', 'PicoDet-S', out()], /Wrote PicoDet-S in fp16/],
  ])('%s', async (_, args, text) => {
    expect(await output(...args())).toMatch(text);
  });
});
