import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ConnectionOptions, type Proxies, proxiesOf } from '../../http/dispatcher';
import { readCertificates } from './certificates';
import { Logins } from './logins';
import { type NpmSettings, readNpmSettings } from './npm-settings';
import { isOn, type PipSettings, readPipSettings } from './pip-settings';
import { homeOf, type Setting, variable, wordsOf, wrongSetting } from './setting';

/** A place that lists wheels: a package index, or a page or folder as for pip's `--find-links`. */
export interface Place {
  readonly kind: 'index' | 'links';
  /** Without a login. */
  readonly url: URL;
  /** The setting that names it. */
  readonly from: string;
}

/** Where wheels are looked for, and how servers are asked. */
export interface IndexSettings {
  readonly places: readonly Place[];
  readonly logins: Logins;
  readonly trusts: (server: URL) => boolean;
  readonly connection: ConnectionOptions;
}

const pypi: Setting = { value: 'https://pypi.org/simple/', from: "pip's default" };

/**
 * Reads what the user has set for pip; where that says nothing, also what is set for uv, npm and other programs.
 *
 * @throws PaddleLabError RUNTIME_INSTALL_FAILED, FILE_NOT_FOUND
 */
export async function readIndexSettings(environment: NodeJS.ProcessEnv): Promise<IndexSettings> {
  const [pip, npm, logins] = await Promise.all([
    readPipSettings(environment),
    readNpmSettings(environment),
    Logins.read(environment),
  ]);
  const trusts = trustOf([...wordsOf(pip.get('trusted-host')), ...wordsOf(variable(environment, 'UV_INSECURE_HOST'))]);
  return {
    places: placesOf(pip, logins, environment),
    logins,
    trusts,
    connection: {
      proxies: chooseProxies(pip, npm, environment),
      timeoutMs: timeoutOf(pip),
      certificates: await readCertificates(pip, npm, environment),
      authorization: (server) => logins.header(server),
      trusts,
    },
  };
}

function placesOf(pip: PipSettings, logins: Logins, environment: NodeJS.ProcessEnv): Place[] {
  const make = (kind: Place['kind'], setting: Setting): Place => {
    return { kind, url: logins.take(urlOf(setting, homeOf(environment))), from: setting.from };
  };
  const links = wordsOf(pip.get('find-links') ?? variable(environment, 'UV_FIND_LINKS'));
  // Variables win over files, so those of uv over pip's files.
  const named = pip.get('index-url');
  const main = named?.from.startsWith('PIP_')
    ? named
    : (variable(environment, 'UV_DEFAULT_INDEX', 'UV_INDEX_URL') ?? named ?? pypi);
  const extra = pip.get('extra-index-url') ?? variable(environment, 'UV_INDEX', 'UV_EXTRA_INDEX_URL');
  const indexes = isOn(pip.get('no-index')) ? [] : [main, ...wordsOf(extra)];
  return [...links.map((link) => make('links', link)), ...indexes.map((index) => make('index', index))];
}

function urlOf(setting: Setting, home: string): URL {
  // uv's indexes may have names: `NAME=URL`.
  const text = setting.value.replace(/^[\w.-]+=(?=\w+:)/, '');
  if (!/^\w[\w+.-]+:/.test(text)) return pathToFileURL(path.resolve(text.replace(/^~(?=\/|$)/, home)));
  try {
    const url = new URL(text);
    if (['http:', 'https:', 'file:'].includes(url.protocol)) return url;
  } catch (error) {
    throw wrongSetting('a URL or a path', setting, error);
  }
  throw wrongSetting('a URL that starts with https:, http: or file:', setting);
}

/** As in pip, a host without a port is trusted on each. */
function trustOf(hosts: readonly Setting[]): (server: URL) => boolean {
  const names = new Set(hosts.map(({ value }) => value.replace(/^\w+:\/\//, '').toLowerCase()));
  return (server) => {
    const port = server.port || (server.protocol === 'http:' ? '80' : '443');
    return names.has(server.hostname) || names.has(`${server.hostname}:${port}`);
  };
}

/** The option of pip is for every server; npm's are for those without a variable. */
function chooseProxies(pip: PipSettings, npm: NpmSettings, environment: NodeJS.ProcessEnv): Proxies {
  const variables = proxiesOf(environment);
  const except = variables.except || npm.get('noproxy')?.value || '';
  const named = pip.get('proxy');
  if (named !== undefined) {
    const url = proxyUrl(named);
    return { http: url, https: url, except };
  }
  const http = npm.get('proxy');
  const https = npm.get('https-proxy') ?? http;
  return {
    http: variables.http || (http === undefined ? '' : proxyUrl(http)),
    https: variables.https || (https === undefined ? '' : proxyUrl(https)),
    except,
  };
}

function proxyUrl(setting: Setting): string {
  const text = /^\w+:\/\//.test(setting.value) ? setting.value : `http://${setting.value}`;
  if (URL.canParse(text) && /^https?:/.test(text)) return text;
  throw wrongSetting('the URL of an HTTP proxy', setting);
}

/** pip waits 15 seconds; a slow mirror is better waited for. */
function timeoutOf(pip: PipSettings): number {
  const seconds = Number((pip.get('timeout') ?? pip.get('default-timeout'))?.value);
  return seconds > 0 ? seconds * 1000 : 30_000;
}
