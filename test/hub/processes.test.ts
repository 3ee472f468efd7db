import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { makeFolder } from '../helpers/folders';
import { demoModel, projectRoot, runScript } from '../helpers/project';
import { makeArchive, readFolder } from './archives';
import { ModelServer } from './model-server';

/** Each test starts processes, which are slow on a busy machine. */
vi.setConfig({ testTimeout: 120_000 });

const demo = demoModel('shapes_cls_mbv3s');
const name = 'PP-LCNet_x1_0';
const file = `/own/${name}_infer.tar`;
let archive: Buffer;
let server: ModelServer;
let variables: NodeJS.ProcessEnv;

beforeAll(async () => {
  archive = await makeArchive(demo, `${name}_infer`, path.join(makeFolder(), 'model.tar'));
});

beforeEach(async () => {
  server = await new ModelServer().start();
  server.files.set(file, archive);
  const models = makeFolder();
  variables = { PADDLELAB_MODELS: models, PADDLELAB_MODEL_SOURCE: `${server.url}/own`, NO_PROXY: '127.0.0.1' };
});

afterEach(() => server.stop());

const pulling = `const model = await lab.models.pull('${name}'); console.log(JSON.stringify(model));`;

async function pulled(): Promise<{ path: string; complete: boolean }> {
  const { stdout, stderr, code } = await runScript(pulling, variables);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}

function expectWhole(folder: string): void {
  const { '.paddlelab-model.json': _, ...files } = readFolder(folder);
  expect(files).toEqual(readFolder(demo));
}

test('two processes that want the same model download it once', async () => {
  const [first, second] = await Promise.all([pulled(), pulled()]);
  expect(first.path).toBe(second.path);
  expectWhole(first.path);
  expect(server.requestsFor(file)).toHaveLength(1);
});

test('after kill -9 in the middle of a download, the next process continues it', async () => {
  server.answers.set(file, [{ stall: 200_000 }]);
  const script = `const lab = require(${JSON.stringify(projectRoot)});
    lab.models.pull('${name}', { onProgress: ({ phase, done }) => phase === 'download' && done >= 200000 && console.log('half') });`;
  const child = spawn(process.execPath, ['-e', script], {
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'close');
  expectWhole((await pulled()).path);
  expect(server.requestsFor(file).map(({ headers }) => headers.range)).toEqual([undefined, 'bytes=200000-']);
});

test('loadModel and withModel take a name, and a folder has precedence over a name', async () => {
  const body = `
    const options = { engine: 'plain', trial: false };
    const model = await lab.loadModel('${name}', options);
    const byName = model.spec.files.directory;
    await model.dispose();
    const kind = await lab.withModel('${name}', async ({ kind }) => kind, options);
    require('node:fs').cpSync(${JSON.stringify(demoModel('shapes_seg_ppliteseg'))}, '${name}', { recursive: true });
    const own = await lab.withModel('${name}', async ({ kind }) => kind, options);
    console.log(JSON.stringify({ byName, kind, own }));`;
  const { stdout, stderr } = await runScript(`process.chdir(${JSON.stringify(makeFolder())});${body}`, variables);
  expect(JSON.parse(stdout || stderr)).toEqual({
    byName: path.join(variables.PADDLELAB_MODELS as string, name),
    kind: 'classification',
    own: 'semantic-segmentation',
  });
});

test('requiring the package, and loading a model by its folder, sends no request', async () => {
  const body = `await lab.withModel(${JSON.stringify(demo)}, async () => undefined, { engine: 'plain', trial: false });
    await lab.models.search('layout'); await lab.models.info('${name}');`;
  const { code, stderr } = await runScript(body, variables);
  expect(code, stderr).toBe(0);
  expect(server.seen).toEqual([]);
});
