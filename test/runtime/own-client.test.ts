import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { WheelRelease } from '../../src/package-index/wheel-release';
import { fetchCheckedWheel } from '../../src/runtime/checked-wheel';
import type { FetchOptions } from '../../src/runtime/fetch-options';
import { makeFolder } from '../helpers/folders';
import { HttpProxy } from '../hub/model-server';
import { IndexServer, makeBytes } from '../package-index/index-server';

const wheel = 'paddlepaddle-3.3.1-cp311-cp311-manylinux1_x86_64.whl';
const page = '/simple/paddlepaddle/';
const { bytes, sha256 } = makeBytes();

let server: IndexServer;
const others: { stop(): Promise<void> }[] = [];
let home: string;
let downloads: string;

beforeEach(async () => {
  server = await new IndexServer().start();
  home = makeFolder();
});

afterEach(async () => {
  for (const one of [server, ...others.splice(0)]) await one.stop();
});

async function another(made: IndexServer = new IndexServer()): Promise<IndexServer> {
  others.push(made);
  return made.start();
}

interface Wish extends Partial<WheelRelease> {
  readonly variables?: NodeJS.ProcessEnv;
  readonly options?: FetchOptions;
}

/** Fetches Paddle into a new folder, with nothing but the settings of this test; returns the wheel's name. */
async function fetchPaddle({ variables = {}, options = {}, ...wished }: Wish = {}): Promise<string> {
  const release = { name: 'paddlepaddle', version: '3.3.1', cpython: 'cp311', ...wished };
  const environment = {
    ...{ HOME: home, PATH: '', XDG_CONFIG_DIRS: home, NO_PROXY: '', npm_config_globalconfig: path.join(home, 'none') },
    ...{ PIP_CONFIG_FILE: '/dev/null', PIP_INDEX_URL: `${server.url}/simple`, ...variables },
  };
  downloads = makeFolder();
  const fetched = await fetchCheckedWheel(release, downloads, { environment, pauseMs: 1, ...options });
  expect(fetched.kind).toBe('wheel');
  const file = fetched.kind === 'wheel' ? fetched.file : '';
  expect(readFileSync(file).equals(bytes)).toBe(true);
  return path.basename(file);
}

async function failure(wish: Wish = {}): Promise<string> {
  const error = await fetchPaddle(wish).then(
    () => undefined,
    (thrown: { code?: string; message: string }) => thrown,
  );
  expect(error?.code).toBe('RUNTIME_INSTALL_FAILED');
  return error?.message ?? '';
}

const link = (name: string, more = ''): string => `<a href="../../files/${name}#sha256=${sha256}"${more}>${name}</a>`;

function serveHtml(...links: string[]): void {
  server.answers.set(page, { html: `<!DOCTYPE html><html><body>${links.join('<br/>')}</body></html>` });
  server.answers.set(`/files/${wheel}`, { bytes });
}

describe('pages of an index', () => {
  test.each<[string, (url: string) => string]>([
    ['a relative link', () => link(wheel)],
    ['an absolute one without a hash', (url) => `<a href="${url}/files/${wheel}">x</a>`],
    [
      'upper case, single quotes, more attributes',
      () => `<A class=x data-requires-python="&gt;=3.8" HREF='/files/${wheel}'>x</A>`,
    ],
    ['a base and escapes', (url) => `<base href="${url}/f&#105;les/"><a href="${wheel.replace('1', '%31')}">x</a>`],
    ['a link that is a comment beside it', () => `<!-- <a href="/gone/${wheel}">x</a> -->${link(wheel)}`],
  ])('HTML: %s', async (_, html) => {
    serveHtml(html(server.url));
    expect(await fetchPaddle()).toBe(wheel);
  });

  test('JSON is asked for first; its hash and size are checked', async () => {
    const file = {
      filename: wheel,
      url: `../../files/${wheel}`,
      hashes: { sha256 },
      size: bytes.length,
      yanked: false,
    };
    const answer = (changes: object) => ({
      json: { meta: { 'api-version': '1.1' }, files: [{ ...file, ...changes }] },
    });
    server.answers.set(`/files/${wheel}`, { bytes });
    server.answers.set(page, [answer({ hashes: { sha256: 'f'.repeat(64) } }), answer({ size: 7 }), answer({})]);
    expect(await failure()).toContain(`Expected SHA-256 ${'f'.repeat(64)} for ${wheel} but received ${sha256}`);
    expect(await failure()).toContain(`Expected 7 bytes, as its list says, but the server announced ${bytes.length}`);
    expect(await fetchPaddle()).toBe(wheel);
    expect(server.requests[0]?.accept).toMatch(/^application\/vnd\.pypi\.simple\.v1\+json, .*text\/html; q=0\.01$/);
  });

  test('redirects of the page and of the file; links are relative to where the page is', async () => {
    server.answers.set(page, { to: '/other/place/page' });
    server.answers.set('/other/place/page', { html: `<a href="wheels/${wheel}">x</a>` });
    const files = await another();
    server.answers.set(`/other/place/wheels/${wheel}`, { to: `${files.url}/there` });
    files.answers.set('/there', { bytes });
    expect(await fetchPaddle({ sha256 })).toBe(wheel);
  });

  test.each([
    ['no page', { status: 404 }, /it lists no such wheel at all.*answered 404/],
    [
      'another kind of page',
      { bytes },
      /no index could be asked.*Expected a page of a package index but received a file without a type/,
    ],
    ['JSON that is no index', { json: { projects: [] } }, /has no list of files/],
    ['a page without wheels', { html: 'Nothing' }, /it lists no such wheel at all/],
  ])('%s is said', async (_, answer, message) => {
    server.answers.set(page, answer);
    expect(await failure({ options: { otherWay: 'Use pip' } })).toMatch(new RegExp(`${message.source}.*\\. Use pip$`));
  });

  test('a server that fails for a moment is asked again', async () => {
    serveHtml();
    server.answers.set(page, [{ status: 503 }, { html: link(wheel) }]);
    expect(await fetchPaddle()).toBe(wheel);
  });
});

describe('choosing a wheel', () => {
  const names = (tags: readonly string[]): string[] => tags.map((tag) => `paddlepaddle-3.3.1-${tag}.whl`);

  test('of this version, CPython and platform', async () => {
    const unfit = ['cp310-cp310-manylinux1_x86_64', 'cp311-cp311-win_amd64', 'cp311-cp311-manylinux2014_aarch64'];
    const older = 'paddlepaddle-3.3.0-cp311-cp311-manylinux1_x86_64.whl';
    const other = 'paddlepaddle_gpu-3.3.1-cp311-cp311-manylinux1_x86_64.whl';
    serveHtml(...[...names(unfit), older, other, 'paddlepaddle-3.3.1.tar.gz', wheel].map((name) => link(name)));
    expect(await fetchPaddle()).toBe(wheel);
  });

  test('the preferred of several platform tags, also where one file has several', async () => {
    const newer = 'paddlepaddle-3.3.1-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl';
    serveHtml(link(wheel), link(newer));
    server.answers.set(`/files/${newer}`, { bytes });
    expect(await fetchPaddle()).toBe(newer);
  });

  test('the one with the pinned hash, wherever it is listed', async () => {
    const extra = await another();
    const bad = `<a href="/bad/${wheel}#sha256=${'e'.repeat(64)}">x</a>`;
    serveHtml(bad);
    extra.answers.set(page, { html: `<a href="${server.url}/files/${wheel}#sha256=${sha256}">x</a>` });
    const variables = { PIP_EXTRA_INDEX_URL: `${extra.url}/simple/` };
    expect(await fetchPaddle({ sha256, variables })).toBe(wheel);
  });

  test('only with another hash than the pinned one, nothing is downloaded', async () => {
    serveHtml(link(wheel));
    expect(await failure({ sha256: 'd'.repeat(64) })).toMatch(
      /Expected SHA-256 d{64} for .* but received .* from the index/,
    );
    expect(server.requests.map((request) => request.path)).toEqual([page]);
  });

  test('a local version and zeros at the end are the same version; a release candidate is not', async () => {
    const file = (version: string): string => wheel.replace('3.3.1', version);
    const local = file('3.0.0+cu118');
    serveHtml(link(file('3.0rc1')), link(local.replace('+', '%2B')));
    server.answers.set(`/files/${local}`, { bytes });
    expect(await fetchPaddle({ version: '3.0' })).toBe(local);
    expect(await failure({ version: '3.1' })).toContain('it has 3.0.0+cu118, 3.0rc1; choose one of them');
  });

  test('a version that is there for others only is said with its files', async () => {
    const windows = names(['cp311-cp311-win_amd64'])[0] as string;
    serveHtml(link(windows), link(wheel.replace('3.3.1', '3.3.0')));
    expect(await failure()).toMatch(
      `it has 3.3.0; choose one of them, or name another index in PIP_EXTRA_INDEX_URL. Of 3.3.1 it only has ${windows}`,
    );
  });

  test.each([
    ['HTML', { html: `${link(wheel, ' data-yanked="broken &amp; bad"')}${link(wheel.replace('3.3.1', '3.3.0'))}` }],
    [
      'JSON',
      {
        json: {
          files: [
            { filename: wheel, url: `/files/${wheel}`, yanked: 'broken & bad' },
            { filename: wheel.replace('3.3.1', '3.3.0'), url: '/x', yanked: false },
          ],
        },
      },
    ],
  ])('a yanked wheel is refused with its reason (%s)', async (_, answer) => {
    server.answers.set(page, answer);
    expect(await failure()).toContain(
      `the index has withdrawn ${wheel} (broken & bad); it has 3.3.0; choose one of them`,
    );
  });

  test('a pure wheel fits any CPython and platform', async () => {
    const pure = 'some_models-1.0-py3-none-any.whl';
    server.answers.set('/simple/some-models/', { html: link(pure) });
    server.answers.set(`/files/${pure}`, { bytes });
    expect(await fetchPaddle({ name: 'Some.Models', version: '1.0' })).toBe(pure);
  });

  test('a name that leads out of the folder is no wheel', async () => {
    server.answers.set(page, { json: { files: [{ filename: `../${wheel}`, url: `/files/${wheel}` }] } });
    expect(await failure()).toContain('it lists no such wheel at all');
  });
});

describe('places', () => {
  test('an index that fails does not keep another from giving the wheel', async () => {
    serveHtml(link(wheel));
    const down = await another();
    const { url } = down;
    await down.stop();
    expect(await fetchPaddle({ variables: { PIP_EXTRA_INDEX_URL: `${url}/simple` } })).toBe(wheel);
  });

  test('folders, pages and files of find-links, and an index in a folder', async () => {
    const folder = path.join(home, 'wheels');
    mkdirSync(path.join(folder, 'index', 'paddlepaddle'), { recursive: true });
    writeFileSync(path.join(folder, wheel), bytes);
    writeFileSync(path.join(folder, 'page.html'), `<a href="${wheel}">x</a>`);
    writeFileSync(path.join(folder, 'index', 'paddlepaddle', 'index.html'), `<a href="../../${wheel}">x</a>`);
    server.answers.set('/links.html', { html: `<a href="files/${wheel}">x</a>` });
    server.answers.set(`/files/${wheel}`, { bytes });
    const links = [folder, path.join(folder, 'page.html'), path.join(folder, wheel), pathToFileURL(folder).href];
    for (const one of [...links, `${server.url}/links.html`, `${server.url}/files/${wheel}`]) {
      expect(await fetchPaddle({ variables: { PIP_FIND_LINKS: one, PIP_NO_INDEX: 'yes' } })).toBe(wheel);
    }
    expect(await fetchPaddle({ variables: { PIP_INDEX_URL: pathToFileURL(path.join(folder, 'index')).href } })).toBe(
      wheel,
    );
    expect(readdirSync(folder).sort()).toEqual(['index', wheel, 'page.html']);
    expect(await failure({ version: '1.0', variables: { PIP_FIND_LINKS: '/nowhere' } })).toContain(
      '/nowhere, which PIP_FIND_LINKS names, does not exist',
    );
  });

  test('without encryption, only this machine and trusted hosts are asked', async () => {
    const message = await failure({ variables: { PIP_INDEX_URL: 'http://mirror.invalid/simple' } });
    expect(message).toMatch(/mirror\.invalid.*not asked, .*use https:, or name mirror\.invalid in PIP_TRUSTED_HOST/);
  });

  test('a download that is aborted ends at once and keeps what is there', async () => {
    serveHtml(link(wheel));
    server.answers.set(`/files/${wheel}`, [{ bytes, stall: 100_000 }]);
    const controller = new AbortController();
    const onProgress = ({ done }: { done: number }): void => {
      if (done > 50_000) controller.abort();
    };
    const aborted = fetchPaddle({ options: { signal: controller.signal, onProgress } });
    await expect(aborted).rejects.toMatchObject({ code: 'ABORTED' });
    expect(readdirSync(downloads)).toContain(`${wheel}.part`);
  });
});

describe('logins', () => {
  const basic = (login: string): string => `Basic ${Buffer.from(login).toString('base64')}`;

  test('a token in the URL is sent to its server only, and shown nowhere', async () => {
    server.login = basic('__token__:s3cret');
    const files = await another();
    server.answers.set(page, { html: `<a href="/to-another">x</a><a href="/moved/${wheel}">x</a>` });
    server.answers.set(`/moved/${wheel}`, { to: `${files.url}/there` });
    files.answers.set('/there', { bytes });
    const address = `http://__token__:s3cret@${server.host}/simple`;
    await fetchPaddle({ variables: { PIP_INDEX_URL: address } });
    expect(server.requests.map((request) => request.authorization)).toEqual([server.login, server.login]);
    expect(files.requests.map((request) => request.authorization)).toEqual(['']);
    for (const name of readdirSync(downloads)) expect(readFileSync(path.join(downloads, name))).not.toContain('s3cret');
    const wrong = { PIP_INDEX_URL: address.replace('s3cret', 's3crets') };
    const message = await failure({ version: '1.0', variables: wrong });
    expect(message).toContain(`${server.url}/simple/paddlepaddle/: the server answered 401 (access refused`);
    expect(message).not.toContain('s3cret');
  });

  test('those of netrc, also for the server of the files', async () => {
    server.login = basic('anna:pass word');
    serveHtml(link(wheel));
    writeFileSync(path.join(home, '.netrc'), 'machine 127.0.0.1\nlogin anna\npassword "pass word"\n');
    expect(await fetchPaddle()).toBe(wheel);
  });
});

describe('proxies', () => {
  test('the one in pip.conf is used, except for NO_PROXY', async () => {
    serveHtml(link(wheel));
    const proxy = await new HttpProxy().start();
    others.push(proxy);
    mkdirSync(path.join(home, '.config', 'pip'), { recursive: true });
    writeFileSync(
      path.join(home, '.config', 'pip', 'pip.conf'),
      `[global]\nproxy = ${proxy.url.slice('http://'.length)}\n`,
    );
    const variables: NodeJS.ProcessEnv = { PIP_CONFIG_FILE: '' };
    await fetchPaddle({ variables });
    expect(new Set(proxy.connected)).toEqual(new Set([server.host]));
    proxy.connected.length = 0;
    await fetchPaddle({ variables: { ...variables, NO_PROXY: '127.0.0.1' } });
    expect(proxy.connected).toEqual([]);
    proxy.refuses = true;
    expect(await failure({ variables })).toContain('the proxy answered 407 (it needs a login');
  });
});

describe('certificates', () => {
  /** An authority of its own that signs 127.0.0.1 and a user. */
  function makeCertificates(): { readonly [name in 'authority' | 'key' | 'server' | 'user']: string } {
    const folder = makeFolder();
    const openssl = (...words: string[]) => execFileSync('openssl', words, { cwd: folder, stdio: 'pipe' });
    const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    openssl(...made, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=test');
    const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-addext', 'subjectAltName=IP:127.0.0.1'];
    openssl(...made, ...signed, '-keyout', 'server.key', '-out', 'server.pem', '-subj', '/CN=127.0.0.1');
    const file = (name: string): string => path.join(folder, name);
    const text = (name: string): string => readFileSync(file(name), 'utf8');
    writeFileSync(file('user.pem'), text('server.key') + text('server.pem'));
    return { authority: file('ca.pem'), key: file('server.key'), server: file('server.pem'), user: file('user.pem') };
  }

  test('an authority of your own, a host that is trusted without, and a certificate of the user', async () => {
    const made = makeCertificates();
    const [key, cert, ca] = [made.key, made.server, made.authority].map((file) => readFileSync(file));
    const secure = await another(new IndexServer({ key, cert, ca, requestCert: true, rejectUnauthorized: false }));
    secure.answers.set(page, { html: link(wheel) });
    secure.answers.set(`/files/${wheel}`, { bytes });
    const index = { PIP_INDEX_URL: `${secure.url}/simple` };
    expect(await failure({ variables: index })).toMatch(/no index could be asked.*certificate.*NODE_EXTRA_CA_CERTS/);
    for (const name of ['PIP_CERT', 'NODE_EXTRA_CA_CERTS', 'npm_config_cafile', 'SSL_CERT_FILE']) {
      expect(await fetchPaddle({ variables: { ...index, [name]: made.authority } })).toBe(wheel);
    }
    expect(await fetchPaddle({ variables: { ...index, PIP_TRUSTED_HOST: '127.0.0.1' } })).toBe(wheel);
    secure.wantsCertificate = true;
    expect(await failure({ variables: { ...index, PIP_CERT: made.authority } })).toContain('answered 403');
    const user = { PIP_CERT: made.authority, PIP_CLIENT_CERT: made.user };
    expect(await fetchPaddle({ variables: { ...index, ...user } })).toBe(wheel);
    const proxy = await new HttpProxy().start();
    others.push(proxy);
    expect(await fetchPaddle({ variables: { ...index, ...user, HTTPS_PROXY: proxy.url } })).toBe(wheel);
    expect(proxy.connected.length).toBeGreaterThan(0);
  });
});
