import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PaddleLabError } from '../../src';
import { type PullProgress, type PullSettings, pullModel, type TriedSource } from '../../src/hub/pull-model';
import { type PulledModel, readAllPulled } from '../../src/hub/store';
import { makeFolder } from '../helpers/folders';
import { demoModel } from '../helpers/project';
import { mountSmallDisk } from '../helpers/small-disk';
import { makeArchive, makeTar, readFolder, type TarEntry } from './archives';
import { HttpProxy, ModelServer, sha256 } from './model-server';

const demo = demoModel('shapes_det_picodet');
const content = readFolder(demo);
const name = 'PicoDet-S';
const archivePath = `/own/${name}_infer.tar`;
let archive: Buffer;
let models: string;
let server: ModelServer;

beforeAll(async () => {
  archive = await makeArchive(demo, `${name}_infer`, path.join(makeFolder(), 'model.tar'));
});

beforeEach(async () => {
  server = await new ModelServer().start();
  server.files.set(archivePath, archive);
  models = makeFolder();
});

afterEach(() => server.stop());

interface Pulled {
  readonly model: PulledModel;
  readonly tried: readonly TriedSource[];
  readonly steps: readonly PullProgress[];
}

/** No source of the real world is asked: only those that a test names. */
async function pull(settings: Partial<PullSettings> & { variables?: NodeJS.ProcessEnv } = {}): Promise<Pulled> {
  const tried: TriedSource[] = [];
  const steps: PullProgress[] = [];
  const { variables, ...rest } = settings;
  const model = await pullModel(name, {
    source: `${server.url}/own`,
    timeoutMs: 5000,
    pauseMs: 1,
    onTried: (one) => tried.push(one),
    report: (step) => steps.push(step),
    ...rest,
    environment: { PATH: process.env.PATH, HOME: models, PADDLELAB_MODELS: models, ...variables },
  });
  return { model, tried, steps };
}

async function failure(settings: Parameters<typeof pull>[0] = {}): Promise<PaddleLabError> {
  const error = await pull(settings).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PaddleLabError);
  return error as PaddleLabError;
}

/** The files of a pulled model, without this package's note. */
function filesOf(model: PulledModel): Record<string, string> {
  const { '.paddlelab-model.json': note, ...files } = readFolder(model.path);
  expect(note).toContain(model.url);
  return files;
}

/** Nothing is left in the cache but complete models and pins. */
function expectClean(): void {
  const names = readdirSync(models).filter((entry) => entry.startsWith('.') && entry !== '.pins');
  expect(names.filter((entry) => entry !== '.downloads')).toEqual([]);
}

describe('each source gives the same files', () => {
  test('a server of your own, with the archive', async () => {
    const { model, steps } = await pull();
    expect(filesOf(model)).toEqual(content);
    expect(model).toMatchObject({
      source: 'own place',
      url: server.url + archivePath,
      sha256: sha256(archive),
      complete: true,
    });
    expect(new Set(steps.map(({ phase }) => phase))).toEqual(new Set(['find', 'download', 'verify', 'unpack']));
    expect(steps.filter(({ phase }) => phase === 'download').at(-1)).toMatchObject({
      done: archive.length,
      total: archive.length,
    });
    expectClean();
  });

  test('a login in the URL is sent, and never shown or noted', async () => {
    const source = `${server.url.replace('//', '//me:p%40ss@')}/own`;
    const { model } = await pull({ source });
    expect(server.seen[0]?.headers.authorization).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`);
    expect(JSON.stringify(model)).not.toMatch(/p%40ss|p@ss/);
    server.files.delete(archivePath);
    expect((await failure({ source, update: true })).message).not.toMatch(/p%40ss|p@ss/);
  });

  test('a folder of your own, with the archive or the folder', async () => {
    const [tars, folders] = [makeFolder(), makeFolder()];
    writeFileSync(path.join(tars, `${name}_infer.tar`), archive);
    mkdirSync(path.join(folders, name));
    for (const [file, text] of Object.entries(content)) writeFileSync(path.join(folders, name, file), text, 'latin1');
    for (const source of [tars, folders]) {
      const { model } = await pull({ source, update: true });
      expect(filesOf(model)).toEqual(content);
      expect(model.source).toBe('own place');
    }
    expect(server.seen).toEqual([]);
  });

  test('Baidu’s store', async () => {
    const { model } = await pull({ source: 'baidu', variables: { PADDLELAB_BAIDU_ENDPOINT: `${server.url}/own/` } });
    expect(filesOf(model)).toEqual(content);
    expect(model.source).toBe('baidu');
  });

  test('Hugging Face: files of one commit, with the token only for its own server', async () => {
    server.serveHuggingFace(name, demo);
    const other = await new ModelServer().start();
    const large = `/PaddlePaddle/${name}/resolve/c0ffee/model.pdiparams`;
    other.files.set('/cdn/params', server.files.get(large) as Buffer);
    // `localhost` is another server than 127.0.0.1.
    server.redirects.set(large, `${other.url.replace('127.0.0.1', 'localhost')}/cdn/params`);
    const { model } = await pull({ source: 'huggingface', variables: { HF_ENDPOINT: server.url, HF_TOKEN: 'secret' } });
    await other.stop();
    expect(filesOf(model)).toEqual(content);
    expect(server.seen.every(({ headers }) => headers.authorization === 'Bearer secret')).toBe(true);
    expect(other.seen.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  test('Hugging Face: the token of its command line is used', async () => {
    server.serveHuggingFace(name, demo);
    const home = makeFolder();
    writeFileSync(path.join(home, 'token'), 'from the file\n');
    await pull({ source: 'huggingface', variables: { HF_ENDPOINT: server.url, HF_HOME: home } });
    expect(server.seen[0]?.headers.authorization).toBe('Bearer from the file');
  });

  test('ModelScope', async () => {
    server.serveModelScope(name, demo);
    const { model } = await pull({ source: 'modelscope', variables: { MODELSCOPE_DOMAIN: server.url } });
    expect(filesOf(model)).toEqual(content);
    expect(model).toMatchObject({ source: 'modelscope', url: `${server.url}/models/PaddlePaddle/${name}` });
  });

  test('sources are tried in order, and the failed ones are reported', async () => {
    server.serveModelScope(name, demo);
    const { model, tried } = await pull({
      source: undefined,
      variables: {
        PADDLELAB_MODEL_SOURCE: makeFolder(),
        PADDLELAB_BAIDU_ENDPOINT: `${server.url}/none`,
        HF_ENDPOINT: server.url,
        MODELSCOPE_DOMAIN: server.url,
      },
    });
    expect(model.source).toBe('modelscope');
    expect(tried.map(({ source }) => source)).toEqual(['own place', 'baidu', 'huggingface']);
    expect(tried[0]?.reason).toContain(`has neither ${name}/ nor ${name}_infer.tar`);
    expect(tried[1]?.reason).toContain('the server answered 404 (it does not have this file)');
  });
});

describe('the cache', () => {
  test('a pulled model is used without a request', async () => {
    await pull();
    const before = server.seen.length;
    const { model, steps } = await pull();
    expect([model.complete, server.seen.length - before, steps]).toEqual([true, 0, []]);
  });

  test('what a process that was killed while unpacking has left is removed', async () => {
    const left = path.join(models, `.staging-${name}-999999`);
    const other = path.join(models, `.staging-${name}_layout_3cls-999999`);
    for (const folder of [left, other]) mkdirSync(folder);
    await pull();
    expect([existsSync(left), existsSync(other)]).toEqual([false, true]);
  });

  test('a model with a missing file is pulled again', async () => {
    const { model } = await pull();
    chmodSync(path.join(model.path, 'model.pdiparams'), 0o644);
    writeFileSync(path.join(model.path, 'model.pdiparams'), 'short');
    expect(filesOf((await pull()).model)).toEqual(content);
  });

  test('a model whose own note is damaged is pulled again', async () => {
    const { model } = await pull();
    const note = path.join(model.path, '.paddlelab-model.json');
    for (const text of [
      'null',
      '[]',
      `{ "name": "${name}", "files": [null] }`,
      `{ "name": "${name}", "files": [{}] }`,
    ]) {
      chmodSync(note, 0o644);
      writeFileSync(note, text);
      expect(await readAllPulled({ PADDLELAB_MODELS: models })).toEqual(new Map());
      expect(filesOf((await pull()).model)).toEqual(content);
    }
  });

  test.each(['null', '[]', '{ "baidu": 1 }', 'x'])(
    'damaged digests of the first download are refused: %s',
    async (text) => {
      mkdirSync(path.join(models, '.pins'));
      writeFileSync(path.join(models, '.pins', `${name}.json`), text);
      const error = await failure();
      expect(error.code).toBe('DOWNLOAD_FAILED');
      expect(error.message).toMatch(
        /PicoDet-S\.json is damaged; remove it to accept the next download as the first one$/,
      );
    },
  );

  test('a file in place of the folder of models is an error, not an empty list', async () => {
    const file = path.join(models, 'file');
    writeFileSync(file, '');
    await expect(readAllPulled({ PADDLELAB_MODELS: file })).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    expect(await readAllPulled({ PADDLELAB_MODELS: path.join(models, 'none') })).toEqual(new Map());
  });

  test('other content than that of the first download is refused, and accepted with update', async () => {
    await pull();
    const changed = makeTar([{ path: 'm/inference.pdmodel', text: 'other' }]);
    server.files.set(archivePath, changed);
    await pull({ update: true });
    server.files.set(archivePath, archive);
    writeFileSync(path.join(models, name, 'inference.pdmodel'), 'damaged');
    const error = await failure();
    expect(error.code).toBe('DOWNLOAD_FAILED');
    expect(error.message).toContain(`Expected SHA-256 ${sha256(changed)} for ${name}_infer.tar`);
    expect(error.message).toContain(`but received ${sha256(archive)}`);
    expect(error.message).toContain('--update');
    expect(filesOf((await pull({ update: true })).model)).toEqual(content);
    expectClean();
  });

  test('offline, the cache and folders are used, and servers are not', async () => {
    const error = await failure({ offline: true });
    expect(error.message).toMatch(/own place: not tried, because offline mode is on[\s\S]*PADDLELAB_OFFLINE/);
    expect(server.seen).toEqual([]);
    const folder = makeFolder();
    writeFileSync(path.join(folder, `${name}_infer.tar`), archive);
    await pull({ source: folder, variables: { PADDLELAB_OFFLINE: '1' } });
    expect((await pull({ variables: { PADDLELAB_OFFLINE: '1' } })).model.complete).toBe(true);
  });

  test('HF_HUB_OFFLINE keeps only Hugging Face off', async () => {
    server.serveHuggingFace(name, demo);
    server.serveModelScope(name, demo);
    const variables = {
      ...{ HF_HUB_OFFLINE: '1', HF_ENDPOINT: server.url, MODELSCOPE_DOMAIN: server.url },
      PADDLELAB_BAIDU_ENDPOINT: `${server.url}/none`,
    };
    const { tried, model } = await pull({ source: undefined, variables });
    expect(tried.at(-1)).toEqual({ source: 'huggingface', reason: 'HF_HUB_OFFLINE is set' });
    expect(model.source).toBe('modelscope');
  });
});

describe('networks with faults', () => {
  test('a cut download is continued from where it ended', async () => {
    server.answers.set(archivePath, [{ cut: 70_000 }, { cut: 50_000 }]);
    const { model } = await pull();
    expect(filesOf(model)).toEqual(content);
    const [first, ...others] = server.requestsFor(archivePath);
    expect(first?.headers.range).toBeUndefined();
    expect(others.map(({ headers }) => headers.range).every((range) => /^bytes=[1-9]\d*-$/.test(range ?? ''))).toBe(
      true,
    );
    expect(others[0]?.headers['if-range']).toBe(`"${sha256(archive).slice(0, 8)}"`);
  });

  test('a file that has changed in between is downloaded again from the start', async () => {
    server.answers.set(archivePath, [
      { cut: 70_000 },
      { status: 503 },
      { status: 503 },
      { status: 503 },
      { status: 503 },
    ]);
    expect((await failure()).message).toContain('the server answered 503 (the server has a problem');
    const changed = makeTar([{ path: 'm/inference.pdmodel', text: 'changed' }]);
    server.files.set(archivePath, changed);
    const { model } = await pull();
    expect(filesOf(model)).toEqual({ 'inference.pdmodel': 'changed' });
  });

  test('without a mark of the version, a download starts again', async () => {
    server.answers.set(archivePath, ['without etag', 'without etag']);
    server.files.set(archivePath, archive.subarray(0, 80_000));
    await failure();
    server.files.set(archivePath, archive);
    expect(filesOf((await pull()).model)).toEqual(content);
    expect(server.requestsFor(archivePath).map(({ headers }) => headers.range)).toEqual([undefined, undefined]);
  });

  test.each([
    ['403', { status: 403 }, /answered 403 \(access refused/],
    ['404', { status: 404 }, /answered 404 \(it does not have this file\)/],
  ] as const)('status %s is final: one request', async (_, answer, text) => {
    server.answers.set(archivePath, [answer]);
    expect((await failure()).message).toMatch(text);
    expect(server.requestsFor(archivePath)).toHaveLength(1);
  });

  test('a body that always ends early', async () => {
    const cuts = Array.from({ length: 9 }, () => ({ cut: 0 }));
    server.answers.set(archivePath, [{ cut: 70_000 }, ...cuts]);
    const { code, message } = await failure();
    expect([code, message]).toEqual(['DOWNLOAD_FAILED', expect.stringContaining('the connection was cut')]);
    // What was received is kept for the next time.
    server.answers.clear();
    expect(filesOf((await pull()).model)).toEqual(content);
    expect(server.requestsFor(archivePath).at(-1)?.headers.range).toMatch(/^bytes=[1-9]\d*-$/);
  });

  test('a body that is longer than the list says', async () => {
    server.serveModelScope(name, demo);
    const file = `/api/v1/models/PaddlePaddle/${name}/repo?Revision=master&FilePath=infer_cfg.yml`;
    server.files.set(file, Buffer.from(`${content['infer_cfg.yml']} and more`));
    const { message } = await failure({ source: 'modelscope', variables: { MODELSCOPE_DOMAIN: server.url } });
    expect(message).toMatch(/Expected \d+ bytes, as its list says, but the server announced \d+/);
  });

  test('a file with another SHA-256 than its list says', async () => {
    server.serveModelScope(name, demo);
    const file = `/api/v1/models/PaddlePaddle/${name}/repo?Revision=master&FilePath=infer_cfg.yml`;
    const wrong = Buffer.from((content['infer_cfg.yml'] as string).replace('mode', 'made'));
    server.files.set(file, wrong);
    const settings = { source: 'modelscope', variables: { MODELSCOPE_DOMAIN: server.url } };
    expect((await failure(settings)).message).toContain(`but received ${sha256(wrong)}`);
    server.serveModelScope(name, demo);
    expect(filesOf((await pull(settings)).model)).toEqual(content);
  });

  test('a server that announces no length', async () => {
    server.answers.set(archivePath, ['chunked']);
    expect(filesOf((await pull()).model)).toEqual(content);
  });

  test('a server that stops sending', async () => {
    server.answers.set(
      archivePath,
      Array.from({ length: 9 }, () => ({ stall: 0 })),
    );
    expect((await failure({ timeoutMs: 1000 })).message).toMatch(/the server stopped sending|did not answer in time/);
  });

  test('a server that is not there', async () => {
    const gone = await new ModelServer().start();
    const { url } = gone;
    await gone.stop();
    expect((await failure({ source: `${url}/own` })).message).toContain('the connection was refused');
  });

  test('a proxy of the environment is used, except for NO_PROXY', async () => {
    const proxy = await new HttpProxy().start();
    const variables = { http_proxy: proxy.url, no_proxy: '' };
    await pull({ variables });
    expect(proxy.connected).toEqual([server.url.slice('http://'.length)]);
    await pull({ update: true, variables: { ...variables, no_proxy: '127.0.0.1' } });
    expect(proxy.connected).toHaveLength(1);
    await proxy.stop();
  });

  test('a proxy that needs a login', async () => {
    const proxy = await new HttpProxy().start();
    proxy.refuses = true;
    const { message } = await failure({ variables: { http_proxy: proxy.url, no_proxy: '' } });
    expect(message).toContain('the proxy answered 407 (it needs a login');
    await proxy.stop();
  });

  test('a variable that names no proxy', async () => {
    expect((await failure({ variables: { https_proxy: 'not a url' } })).message).toContain('is not the URL of a proxy');
  });

  test('an abort keeps the download so far', async () => {
    server.answers.set(archivePath, [{ stall: 90_000 }]);
    const controller = new AbortController();
    const report = ({ phase, done }: PullProgress): void => {
      if (phase === 'download' && done > 0) controller.abort();
    };
    expect((await failure({ signal: controller.signal, report })).code).toBe('ABORTED');
    expect(filesOf((await pull()).model)).toEqual(content);
    expect(server.requestsFor(archivePath).at(-1)?.headers.range).toMatch(/^bytes=\d+-$/);
    expectClean();
  });
});

describe('archives that would do harm', () => {
  const outside = 'escaped.txt';
  const hostile: [string, TarEntry[], RegExp][] = [
    ['an absolute path', [{ path: `/tmp/${outside}`, text: 'x' }], /not a relative path/],
    ['a path with ..', [{ path: `a/../../${outside}`, text: 'x' }], /leads out of the folder/],
    [
      'a symbolic link',
      [
        { path: 'm/link', type: 'SymbolicLink', linkpath: '../..' },
        { path: `m/link/${outside}`, text: 'x' },
      ],
      /no plain file \(SymbolicLink\)/,
    ],
    ['a hard link', [{ path: 'm/link', type: 'Link', linkpath: '/etc/passwd' }], /no plain file \(Link\)/],
    ['a device', [{ path: 'm/null', type: 'CharacterDevice' }], /no plain file \(CharacterDevice\)/],
    [
      'a file larger than the archive',
      [{ path: 'm/zeros', text: 'x', claim: 10_000_000_000 }],
      /is damaged|more than it can/,
    ],
    ['no files', [], /is damaged|holds no files/],
  ];

  test.each(hostile)('%s is refused, and nothing is written', async (_, entries, text) => {
    server.files.set(archivePath, makeTar(entries));
    const error = await failure();
    expect(error.code).toBe('DOWNLOAD_FAILED');
    expect(error.message).toMatch(text);
    expect(readdirSync(models).filter((entry) => !entry.startsWith('.'))).toEqual([]);
    expect([existsSync(path.join('/tmp', outside)), existsSync(path.join(models, outside))]).toEqual([false, false]);
    expectClean();
  });

  test.each([
    [
      'a compressed archive',
      () => gzipSync(archive),
      /uncompressed tar archive but received a file that starts with bytes 1f8b/,
    ],
    [
      'a page of a login',
      () => Buffer.from('<!DOCTYPE html><html>please log in</html>'),
      /starts with "<!DOCTYPE html>/,
    ],
    ['a truncated archive', () => archive.subarray(0, archive.length / 2), /is damaged/],
  ] as const)('%s is refused, and not kept', async (_, bytes, text) => {
    server.files.set(archivePath, Buffer.from(bytes()));
    expect((await failure()).message).toMatch(text);
    server.files.set(archivePath, archive);
    expect(filesOf((await pull()).model)).toEqual(content);
  });

  test('10 GB are refused before they are received', async () => {
    server.answers.set(archivePath, [{ claim: 10_000_000_000 }]);
    expect((await failure()).message).toContain('far more than it should have');
  });

  test('a list of files that does not end', async () => {
    server.serveHuggingFace(name, demo);
    server.files.set(`/api/models/PaddlePaddle/${name}`, Buffer.alloc(20_000_000, ' '));
    const settings = { source: 'huggingface', variables: { HF_ENDPOINT: server.url } };
    expect((await failure(settings)).message).toContain('which is no list of files');
  });

  test('a path in a list of files that leads out of the folder', async () => {
    server.serveHuggingFace(name, demo);
    const tree = `/api/models/PaddlePaddle/${name}/tree/c0ffee?recursive=true`;
    server.files.set(tree, Buffer.from(JSON.stringify([{ type: 'file', path: '../../evil.yml', size: 3 }])));
    const settings = { source: 'huggingface', variables: { HF_ENDPOINT: server.url } };
    expect((await failure(settings)).message).toContain('which leads out of the folder');
  });

  test('no set-uid bits are taken over', async () => {
    server.files.set(archivePath, makeTar([{ path: 'm/inference.pdmodel', text: 'x', mode: 0o4777 }]));
    const { model } = await pull();
    expect(statSync(path.join(model.path, 'inference.pdmodel')).mode & 0o7000).toBe(0);
  });
});

describe('a full disk', () => {
  test('is refused before the download, or reported when it happens', async ({ skip }) => {
    const folder = path.join(makeFolder(), 'disk');
    const disk = mountSmallDisk(folder, '1m');
    if (disk === undefined) return skip();
    try {
      const variables = { PADDLELAB_MODELS: folder };
      const before = await failure({ variables });
      expect(before.code).toBe('FILE_UNWRITABLE');
      expect(before.message).toMatch(
        /^Expected \d+ MB free for .* but received \d MB; free some, or .*PADDLELAB_MODELS$/,
      );
      server.answers.set(archivePath, ['chunked']);
      const during = await failure({ variables });
      expect([during.code, during.message]).toEqual(['FILE_UNWRITABLE', expect.stringContaining('the disk is full')]);
    } finally {
      disk.unmount();
    }
  });
});
