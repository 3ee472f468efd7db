import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { create } from 'tar';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PaddleLabError } from '../../src';
import { integrityOf } from '../../src/files/digest';
import { fontNames, packageOf } from '../../src/fonts/catalogue';
import { type PullFontSettings, pullFont } from '../../src/fonts/pull-font';
import type { PulledFont } from '../../src/fonts/store';
import { makeFolder } from '../helpers/folders';
import { HttpProxy, ModelServer } from '../hub/model-server';
import { testPackage } from './test-fonts';

const listPath = '/npm/@fontsource%2fnoto-sans-arabic';
const archivePath = '/files/noto-sans-arabic-1.2.3.tgz';
let archive: Buffer;
let integrity: string;
let server: ModelServer;
let home: string;
let phases: string[];

beforeAll(async () => {
  const file = path.join(makeFolder(), 'package.tgz');
  const source = testPackage('arabic');
  // As npm packs: everything is in the folder `package`.
  await create({ file, cwd: source, prefix: 'package', gzip: true, portable: true }, readdirSync(source));
  archive = readFileSync(file);
  integrity = await integrityOf(file);
});

beforeEach(async () => {
  server = await new ModelServer().start();
  home = makeFolder();
  phases = [];
  serve();
});

afterEach(() => server.stop());

/** The package as a registry serves it. */
function serve(dist: Record<string, unknown> = {}): void {
  const versions = { '1.2.3': { dist: { tarball: `${server.url}${archivePath}`, integrity, ...dist } } };
  server.files.set(listPath, Buffer.from(JSON.stringify({ name: '@fontsource/noto-sans-arabic', versions })));
  server.files.set(archivePath, archive);
}

interface Given extends Partial<PullFontSettings> {
  readonly npmrc?: string;
  readonly variables?: NodeJS.ProcessEnv;
}

/** No registry of the real world is asked: only the one of the test. */
function pull({ npmrc, variables = {}, ...settings }: Given = {}): Promise<PulledFont> {
  writeFileSync(path.join(home, '.npmrc'), npmrc ?? `registry=${server.url}/npm/\n`);
  return pullFont('arabic', {
    pinned: { name: '@fontsource/noto-sans-arabic', version: '1.2.3', integrity },
    pauseMs: 1,
    report: ({ phase }) => void (phases.includes(phase) || phases.push(phase)),
    ...settings,
    environment: {
      ...{ PATH: process.env.PATH, HOME: home, PADDLELAB_CACHE: path.join(home, 'cache') },
      npm_config_globalconfig: path.join(home, 'none'),
      ...variables,
    },
  });
}

async function failure(given: Given = {}): Promise<PaddleLabError> {
  const error: unknown = await pull(given).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(PaddleLabError);
  return error as PaddleLabError;
}

const fontsIn = (folder: string): string[] => readdirSync(path.join(folder, 'cache', 'fonts')).sort();

test('the files that are needed are kept, with the licence; a second time nothing is asked', async () => {
  const font = await pull();
  expect(font).toMatchObject({ name: 'arabic', family: 'Noto Sans Arabic', licence: 'OFL-1.1', version: '1.2.3' });
  expect(readdirSync(font.path).sort()).toEqual([
    '.paddlelab-font.json',
    'LICENSE',
    'noto-sans-arabic-arabic-600-normal.woff',
  ]);
  expect(phases).toEqual(['find', 'download', 'verify', 'unpack']);
  expect(fontsIn(home)).toEqual(['.downloads', 'arabic']);
  expect(readdirSync(path.join(home, 'cache', 'fonts', '.downloads'))).toEqual([]);

  const asked = server.seen.length;
  expect(await pull()).toEqual(font);
  expect(await pull({ offline: true })).toEqual(font);
  expect(server.seen).toHaveLength(asked);
});

test('two at once download it once', async () => {
  const [one, other] = await Promise.all([pull(), pull()]);
  expect(one).toEqual(other);
  expect(server.requestsFor(archivePath)).toHaveLength(1);
});

test('another pinned version replaces it, a font with a missing file is fetched again', async () => {
  const { path: folder } = await pull();
  rmSync(path.join(folder, 'noto-sans-arabic-arabic-600-normal.woff'));
  await pull();
  expect(server.requestsFor(archivePath)).toHaveLength(2);
  const pinned = { name: '@fontsource/noto-sans-arabic', version: '1.2.4', integrity };
  expect(await failure({ pinned })).toMatchObject({
    code: 'DOWNLOAD_FAILED',
    message: expect.stringMatching(/1\.2\.4 in the registry http.*npm\/ \(registry in .*npmrc\) but it has no such/),
  });
});

test('a download that is cut is continued', async () => {
  server.answers.set(archivePath, [{ cut: 200_000 }]);
  await pull();
  const [, second] = server.requestsFor(archivePath);
  expect(second?.headers.range).toMatch(/^bytes=[1-9]\d*-$/);
});

test('an interrupted one keeps the download so far, and says nothing is there', async () => {
  server.answers.set(archivePath, [{ stall: 100_000 }]);
  const controller = new AbortController();
  const pulling = failure({ signal: controller.signal });
  await server.hasStalled();
  controller.abort();
  expect((await pulling).code).toBe('ABORTED');
  expect(fontsIn(home)).toEqual(['.downloads']);
  await pull();
});

describe('the archive is the pinned one', () => {
  test('a registry that lists another digest is refused before the download', async () => {
    serve({ integrity: 'sha512-other' });
    expect(await failure()).toMatchObject({ message: expect.stringContaining('but received sha512-other') });
    expect(server.requestsFor(archivePath)).toHaveLength(0);
  });

  test('other bytes are refused and not kept', async () => {
    server.files.set(archivePath, Buffer.from(archive).fill(0, 5000, 5010));
    const { code, message } = await failure();
    expect(code).toBe('DOWNLOAD_FAILED');
    expect(message).toMatch(/^Expected sha512-\S+ for the package @fontsource\/noto-sans-arabic but received sha512-/);
    expect(fontsIn(home)).toEqual(['.downloads']);
    expect(readdirSync(path.join(home, 'cache', 'fonts', '.downloads'))).toEqual([]);
  });

  test('every font of the catalogue has a pinned package', () => {
    for (const name of fontNames) {
      expect(packageOf(name)).toEqual({
        name: expect.stringMatching(/^@fontsource\/[a-z0-9-]+$/),
        version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
        integrity: expect.stringMatching(/^sha512-[\w+/]{86}==$/),
      });
    }
  });

  test('the catalogue pins the very package that the tests have', () => {
    const installed = JSON.parse(readFileSync(path.join(testPackage('arabic'), 'package.json'), 'utf8')) as object;
    expect(installed).toMatchObject({ version: packageOf('arabic').version });
  });
});

describe("npm's settings", () => {
  test('the registry of the scope wins, and only it gets its token', async () => {
    const other = await new ModelServer().start();
    other.files.set('/elsewhere.tgz', archive);
    serve({ tarball: `${other.url}/elsewhere.tgz` });
    const host = server.url.replace('http:', '');
    await pull({
      npmrc: `registry=http://127.0.0.1:9/\n@fontsource:registry=${server.url}/npm\n${host}/npm/:_authToken=\${MY_TOKEN}\n`,
      variables: { MY_TOKEN: 'secret' },
    });
    expect(server.requestsFor(listPath).map(({ headers }) => headers.authorization)).toEqual(['Bearer secret']);
    expect(other.seen.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    await other.stop();
  });

  test('a proxy is used', async () => {
    const proxy = await new HttpProxy().start();
    await pull({ npmrc: `registry=${server.url}/npm/\nproxy=${proxy.url}\n`, variables: { no_proxy: '' } });
    expect(new Set(proxy.connected)).toEqual(new Set([server.url.replace('http://', '')]));
    await proxy.stop();
  });

  test('a registry that is no URL is named', async () => {
    const { message } = await failure({ npmrc: 'registry=registry.test\n' });
    expect(message).toMatch(/^Expected the URL of a registry for registry in .*npmrc but received "registry.test"/);
  });
});

test('offline, nothing is asked, and the way out is named', async () => {
  for (const given of [{ offline: true }, { variables: { PADDLELAB_OFFLINE: '1' } }]) {
    expect(await failure(given)).toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringMatching(/^Expected the font arabic in the cache .* offline mode is on .*PADDLELAB_FONTS$/),
    });
  }
  expect(server.seen).toEqual([]);
  expect(existsSync(path.join(home, 'cache'))).toBe(false);
});

test('a cache that can not be written to is named', async () => {
  writeFileSync(path.join(home, 'file'), '');
  const { code, message } = await failure({ variables: { PADDLELAB_CACHE: path.join(home, 'file', 'cache') } });
  expect(code).toBe('FILE_UNWRITABLE');
  expect(message).toContain('in PADDLELAB_FONT_CACHE');
});

test('what an ended process has left is removed', async () => {
  const left = path.join(home, 'cache', 'fonts', '.staging-arabic-1');
  mkdirSync(left, { recursive: true });
  await pull();
  expect(fontsIn(home)).toEqual(['.downloads', 'arabic']);
});
