import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listRuntimes } from '../../src/runtime';
import { freePort } from '../helpers/free-port';
import { emptyFolder } from '../helpers/jupyter';
import { printed, stopServer } from '../helpers/lab';
import { writeNotebook } from '../helpers/notebooks';
import { projectRoot, runProcess } from '../helpers/project';
import { pythonTool } from '../helpers/python-tool';
import { openBrowser } from '../plot/page';

/** Spawning a server and loading JupyterLab take long on a busy machine. */
const PATIENCE = 180_000;

const folder = emptyFolder();
const cell = `const model = await loadModel('${projectRoot}/notebooks/models/shapes_det_picodet', { engine: 'plain' });
const result = await predict(model, '${projectRoot}/notebooks/images/shapes.png');
[result.detections.length > 0, process.env.JUPYTERHUB_USER, process.cwd()]`;

let hub: ChildProcess | undefined;
let browser: Browser | undefined;
let address: string;

beforeAll(async () => {
  const program = await pythonTool('jupyterhub', ['jupyterhub==6.1.1', 'jupyterlab>=4.4,<5']);
  const proxy = await configurableProxy();
  browser = program === undefined || proxy === undefined ? undefined : await openBrowser();
  if (program === undefined || proxy === undefined || browser === undefined) return;
  const prefix = path.resolve(program, '../..');
  const cli = path.join(projectRoot, 'dist/cli/main.js');
  const installed = await runProcess(process.execPath, [cli, 'kernel', 'install', '--prefix', prefix]);
  expect(installed.code).toBe(0);
  makeHome('mia');
  writeFileSync(path.join(folder, 'jupyterhub_config.py'), await configuration(proxy));
  hub = spawn(program, ['-f', 'jupyterhub_config.py'], {
    cwd: folder,
    env: { ...process.env, PATH: `${path.dirname(program)}:${process.env.PATH}`, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await printed(hub, 'JupyterHub', /(now running)/);
});
afterAll(async () => {
  await browser?.close();
  await stopServer(hub, 60_000);
});

/** The Hub's proxy, which comes from npm. */
async function configurableProxy(): Promise<string | undefined> {
  const home = path.join(projectRoot, '.cache/configurable-http-proxy');
  const program = path.join(home, 'node_modules/.bin/configurable-http-proxy');
  if (existsSync(program)) return program;
  mkdirSync(home, { recursive: true });
  const { code, stderr } = await runProcess('npm', ['install', '--prefix', home, 'configurable-http-proxy@5.3.0']);
  if (code === 0) return program;
  process.stderr.write(`SKIPPED: configurable-http-proxy can not be installed here: ${stderr}\n`);
  return undefined;
}

function makeHome(user: string): void {
  mkdirSync(path.join(folder, user));
  writeNotebook(path.join(folder, user, 'first.ipynb'), [cell]);
}

async function configuration(proxy: string): Promise<string> {
  address = `http://127.0.0.1:${await freePort()}`;
  // A home of its own has no Paddle; what is here is for everyone.
  const runtime = (await listRuntimes()).find(({ version }) => version === '3.3.1')?.path;
  const environment = { PADDLELAB_RUNTIME: runtime, PADDLELAB_HISTORY: '', TMPDIR: process.env.TMPDIR ?? '/tmp' };
  const settings = {
    'JupyterHub.bind_url': address,
    'JupyterHub.hub_port': await freePort(),
    'JupyterHub.authenticator_class': 'dummy',
    'JupyterHub.spawner_class': 'simple',
    'DummyAuthenticator.password': 'lesson-room',
    'Authenticator.allowed_users': ['mia'],
    'ConfigurableHTTPProxy.api_url': `http://127.0.0.1:${await freePort()}`,
    'ConfigurableHTTPProxy.command': [proxy],
    'SimpleLocalProcessSpawner.home_dir_template': path.join(folder, '{username}'),
    'Spawner.args': ['--allow-root'],
    'Spawner.environment': environment,
    'Spawner.start_timeout': PATIENCE / 1000,
    'Spawner.http_timeout': PATIENCE / 1000,
  };
  const lines = Object.entries(settings).map(([name, value]) => `c.${name} = ${JSON.stringify(value)}`);
  return ['c = get_config()', ...lines, ''].join('\n');
}

async function signIn(user: string): Promise<Page> {
  const page = await (browser as Browser).newPage();
  page.setDefaultTimeout(PATIENCE);
  await page.goto(`${address}/hub/login?next=${encodeURIComponent('/hub/user-redirect/lab/tree/first.ipynb')}`);
  await page.fill('#username_input', user);
  await page.fill('#password_input', 'lesson-room');
  await page.click('#login_submit');
  return page;
}

test('a user of JupyterHub signs in and runs a notebook: the spawner needs nothing but the kernelspec', async ({
  skip,
}) => {
  if (hub === undefined) return skip('no JupyterHub or no browser');
  const page = await signIn('mia');
  await page.locator('#jp-main-statusbar', { hasText: 'TypeScript (paddlelab) | Idle' }).waitFor();
  await page.locator('.jp-Notebook .jp-CodeCell .cm-content').click();
  await page.keyboard.press('Shift+Enter');
  await page.locator('.jp-OutputArea-output', { hasText: `[ true, 'mia', '${path.join(folder, 'mia')}' ]` }).waitFor();
});
