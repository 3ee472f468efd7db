import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type IndexSettings, readIndexSettings } from '../../src/package-index/settings/index-settings';
import { isOn, readPipSettings } from '../../src/package-index/settings/pip-settings';
import { wordsOf } from '../../src/package-index/settings/setting';
import { makeFolder } from '../helpers/folders';

/** A home folder with these files, and an environment that has no other settings. */
function makeHome(files: Readonly<Record<string, string>>): NodeJS.ProcessEnv & { HOME: string } {
  const home = makeFolder();
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(home, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const { PATH } = process.env;
  const npm = { npm_config_globalconfig: path.join(home, 'no-npmrc') };
  return { PATH, HOME: home, XDG_CONFIG_DIRS: path.join(home, 'xdg'), ...npm };
}

const places = ({ places: all }: IndexSettings): string[] => all.map(({ kind, url }) => `${kind} ${url.href}`);

/** The options that pip itself would use. */
const askPip = `
import json, os, sys
sys.prefix = os.environ.get("VIRTUAL_ENV", sys.prefix)
from pip._internal.commands import create_command
options, _ = create_command("download").parse_args([])
names = "index_url extra_index_urls no_index find_links proxy cert client_cert trusted_hosts timeout".split()
values = {name: getattr(options, name) for name in names}
print(json.dumps({**values, "no_index": bool(values["no_index"])}))
`;

describe("pip's settings", () => {
  test.each<[string, Record<string, string>, (home: string) => NodeJS.ProcessEnv]>([
    ['none', {}, () => ({})],
    [
      'several files: the one of the user wins over that of the machine, and the newer place over the older',
      {
        'xdg/pip/pip.conf': '[global]\nindex-url = https://machine.test/simple\ntimeout = 70\nproxy = machine.test:1\n',
        '.pip/pip.conf': '[global]\nindex-url = https://old.test/simple\nproxy=old.test:2\n',
        '.config/pip/pip.conf': '[global]\nindex_url: https://user.test/simple\n',
      },
      () => ({}),
    ],
    [
      'values on several lines, comments, sections, an empty value',
      {
        '.config/pip/pip.conf': [
          '# [global]',
          '; proxy = a.test',
          '[global]',
          'extra-index-url =',
          '    https://one.test/simple',
          '    # a comment in a value',
          '    https://two.test/simple',
          'INDEX-URL = https://upper.test/simple',
          'trusted-host = one.test two.test:8080',
          'cert =',
          'timeout = 20',
          '[download]',
          'timeout = 60',
          '[list]',
          'index-url = https://wrong.test/simple',
        ].join('\n'),
      },
      () => ({}),
    ],
    [
      'a virtual environment and variables',
      { 'env/pip.conf': '[global]\nindex-url = https://env.test/simple\nno-index = true\n' },
      (home) => ({ VIRTUAL_ENV: path.join(home, 'env'), PIP_FIND_LINKS: '/a https://b.test/c', PIP_PROXY: '' }),
    ],
    [
      'a file that is named replaces those of the user',
      {
        'named.conf': '[global]\nproxy = named.test:3\n',
        '.config/pip/pip.conf': '[global]\nproxy = user.test:1\nindex-url = https://user.test/simple\n',
        'xdg/pip/pip.conf': '[global]\nindex-url = https://machine.test/simple\n',
      },
      (home) => ({ PIP_CONFIG_FILE: path.join(home, 'named.conf') }),
    ],
    [
      'a file that is named but missing replaces nothing',
      { '.config/pip/pip.conf': '[global]\nproxy = user.test:1\n' },
      () => ({ PIP_CONFIG_FILE: '/nowhere/pip.conf', XDG_CONFIG_HOME: '' }),
    ],
    [
      'no files at all',
      { '.config/pip/pip.conf': '[global]\nproxy = user.test:1\n' },
      () => ({ PIP_CONFIG_FILE: '/dev/null', PIP_TRUSTED_HOST: 'a b', PIP_CLIENT_CERT: '/c.pem', PIP_TIMEOUT: '5' }),
    ],
  ])('are those that pip reads: %s', async (_, files, variables) => {
    const home = makeHome(files);
    const environment = { ...home, ...variables(home.HOME) };
    const site = '/etc/pip.conf';
    const own = await readPipSettings(environment);
    const theirs = JSON.parse(execFileSync('python3', ['-c', askPip], { env: environment, encoding: 'utf8' }));
    const text = (name: string): string | undefined => own.get(name)?.value;
    const words = (name: string): string[] => wordsOf(own.get(name)).map(({ value }) => value);
    // A path is made absolute by pip's parser, here where it is used.
    expect({
      index_url: text('index-url') ?? 'https://pypi.org/simple',
      extra_index_urls: words('extra-index-url'),
      no_index: isOn(own.get('no-index')),
      find_links: words('find-links'),
      proxy: text('proxy') ?? '',
      cert: own.get('cert')?.from.endsWith(site) ? theirs.cert : (text('cert') ?? null),
      client_cert: text('client-cert') ?? null,
      trusted_hosts: words('trusted-host'),
      timeout: Number(text('timeout') ?? 15),
    }).toEqual(theirs);
  });

  test('an install is configured like a download', async () => {
    const home = makeHome({ '.config/pip/pip.conf': '[global]\nproxy=a.test:1\n[install]\nproxy = b.test:1\n' });
    expect((await readIndexSettings(home)).connection.proxies.https).toBe('http://b.test:1');
  });

  test('find-links and extra indexes are asked, and with no-index only the former', async () => {
    const home = makeHome({});
    const links = `~/wheels file:///srv/wheels https://links.test/page.html`;
    const environment = { ...home, PIP_FIND_LINKS: links, PIP_EXTRA_INDEX_URL: 'https://extra.test/simple' };
    const asked = [
      `links file://${home.HOME}/wheels`,
      'links file:///srv/wheels',
      'links https://links.test/page.html',
      'index https://pypi.org/simple/',
      'index https://extra.test/simple',
    ];
    expect(places(await readIndexSettings(environment))).toEqual(asked);
    expect(places(await readIndexSettings({ ...environment, PIP_NO_INDEX: '1' }))).toEqual(asked.slice(0, 3));
  });
});

describe('settings of other programs', () => {
  test("uv's indexes count, but not over pip's variables", async () => {
    const home = makeHome({ '.config/pip/pip.conf': '[global]\nindex-url = https://pip.test/simple\n' });
    const uv = {
      UV_DEFAULT_INDEX: 'main=https://uv.test/simple',
      UV_INDEX: 'https://more.test/simple b=https://b.test/',
    };
    const more = ['index https://more.test/simple', 'index https://b.test/'];
    expect(places(await readIndexSettings({ ...home, ...uv }))).toEqual(['index https://uv.test/simple', ...more]);
    const pip = { PIP_INDEX_URL: 'https://mine.test/simple' };
    expect(places(await readIndexSettings({ ...home, ...uv, ...pip }))[0]).toBe('index https://mine.test/simple');
    expect(places(await readIndexSettings({ ...home, UV_INDEX_URL: 'https://old.test/simple' }))).toEqual([
      'index https://old.test/simple',
    ]);
  });

  test("the proxy is pip's, else that of the variables, else npm's", async () => {
    const home = makeHome({
      '.npmrc': `https-proxy = "http://${'$'}{PROXY_USER}@npm.test:1"\nnoproxy=npm-none.test\n`,
    });
    const environment: NodeJS.ProcessEnv = { ...home, PROXY_USER: 'me:secret' };
    const proxies = async () => (await readIndexSettings(environment)).connection.proxies;
    expect(await proxies()).toEqual({ http: '', https: 'http://me:secret@npm.test:1', except: 'npm-none.test' });
    environment.npm_config_proxy = 'http://variable.test:2';
    environment.npm_config_https_proxy = 'http://variable.test:3';
    expect(await proxies()).toMatchObject({ http: 'http://variable.test:2', https: 'http://variable.test:3' });
    Object.assign(environment, { HTTPS_PROXY: 'http://system.test:4', NO_PROXY: 'system-none.test' });
    expect(await proxies()).toMatchObject({ https: 'http://system.test:4', except: 'system-none.test' });
    environment.PIP_PROXY = 'me:secret@pip.test:5';
    const pip = 'http://me:secret@pip.test:5';
    expect(await proxies()).toEqual({ http: pip, https: pip, except: 'system-none.test' });
  });

  test('authorities are those of the first that names a file, and NODE_EXTRA_CA_CERTS adds to them', async () => {
    const pem = (name: string): string => `-----BEGIN CERTIFICATE-----\n${name}\n-----END CERTIFICATE-----\n`;
    const names = ['pip', 'requests', 'npm', 'curl', 'ssl', 'extra'];
    const home = makeHome({
      ...Object.fromEntries(names.map((name) => [`${name}.pem`, pem(name)])),
      '.npmrc': `cafile=${'$'}{HOME}/npm.pem\n`,
    });
    const file = (name: string): string => path.join(home.HOME, `${name}.pem`);
    // This machine's own pip.conf may name certificates.
    const environment = { ...home, PIP_CONFIG_FILE: '/dev/null', NODE_EXTRA_CA_CERTS: file('extra') };
    const authorities = async (variables: NodeJS.ProcessEnv) =>
      (await readIndexSettings({ ...environment, ...variables })).connection.certificates?.authorities;
    expect(await authorities({ SSL_CERT_FILE: file('ssl'), CURL_CA_BUNDLE: file('curl') })).toEqual([
      pem('npm'),
      pem('extra'),
    ]);
    expect(await authorities({ REQUESTS_CA_BUNDLE: file('requests') })).toEqual([pem('requests'), pem('extra')]);
    expect(await authorities({ REQUESTS_CA_BUNDLE: file('requests'), PIP_CERT: file('pip') })).toEqual([
      pem('pip'),
      pem('extra'),
    ]);
    expect((await authorities({ npm_config_userconfig: '/dev/null' }))?.length).toBeGreaterThan(100);
  });

  test('a netrc file has logins for hosts; one in a URL has precedence, and goes to its own server only', async () => {
    const home = makeHome({
      '.netrc': [
        '# comment',
        'machine a.test login anna password "one two"',
        'macdef init',
        'machine b.test login wrong password wrong',
        '',
        'machine b.test',
        '  login ben',
        '  account none password three',
        'default login guest password four',
      ].join('\n'),
    });
    const { connection, places: all } = await readIndexSettings({
      ...home,
      PIP_INDEX_URL: 'https://me:s%40me@c.test/simple',
    });
    const login = (url: string): string => {
      const header = connection.authorization?.(new URL(url)) ?? '';
      return Buffer.from(header.replace('Basic ', ''), 'base64').toString();
    };
    expect(all[0]?.url.href).toBe('https://c.test/simple');
    expect(login('https://c.test/file')).toBe('me:s@me');
    expect(login('https://c.test:444/file')).toBe('guest:four');
    expect(login('http://c.test/file')).toBe('guest:four');
    expect(login('https://a.test')).toBe('anna:one two');
    expect(login('https://b.test')).toBe('ben:three');
  });

  test('trusted hosts, with and without a port', async () => {
    const home = makeHome({});
    const { trusts } = await readIndexSettings({ ...home, PIP_TRUSTED_HOST: 'a.test b.test:8443' });
    const trusted = ['https://a.test/', 'https://a.test:1/', 'https://b.test:8443/'];
    for (const url of trusted) expect(trusts(new URL(url))).toBe(true);
    for (const url of ['https://b.test/', 'https://c.test/']) expect(trusts(new URL(url))).toBe(false);
  });
});

describe('settings that are wrong', () => {
  test.each<[string, NodeJS.ProcessEnv, string]>([
    [
      'a file of certificates that is missing',
      { PIP_CERT: '/nowhere.pem' },
      'a PEM file of certificates for PIP_CERT but received "/nowhere.pem"',
    ],
    [
      'a file that holds none',
      { NODE_EXTRA_CA_CERTS: '/dev/null' },
      'a PEM file of certificates for NODE_EXTRA_CA_CERTS',
    ],
    [
      'a certificate without a key',
      { PIP_CLIENT_CERT: '/nowhere.pem' },
      'a certificate with its private key for PIP_CLIENT_CERT',
    ],
    [
      'a proxy',
      { PIP_PROXY: 'socks5://a.test:1' },
      'the URL of an HTTP proxy for PIP_PROXY but received "socks5://a.test:1"',
    ],
    [
      'an index',
      { PIP_INDEX_URL: 'ftp://me:secret@a.test' },
      'for PIP_INDEX_URL but received "ftp://…@a.test"; correct or unset it',
    ],
  ])('%s is refused by the name of the setting', async (_, variables, message) => {
    await expect(readIndexSettings({ ...makeHome({}), ...variables })).rejects.toMatchObject({
      code: 'RUNTIME_INSTALL_FAILED',
      message: expect.stringContaining(message),
    });
  });

  test('in a file, the file is named too', async () => {
    const home = makeHome({ '.config/pip/pip.conf': '[global]\nproxy = ftp://a.test\n' });
    await expect(readIndexSettings(home)).rejects.toThrow(
      `for proxy in ${home.HOME}/.config/pip/pip.conf but received`,
    );
  });
});
