import { type ConnectionOptions, type Proxies, proxiesOf } from '../../http/dispatcher';
import { readCertificates } from './certificates';
import { type NpmSettings, readNpmSettings } from './npm-settings';
import { type Setting, wrongSetting } from './setting';

/** The registry of npm's packages, and how it is asked. */
export interface NpmRegistry {
  /** Ends with a slash, and has no login. */
  readonly url: string;
  /** The setting that names it. */
  readonly from: string;
  readonly connection: ConnectionOptions;
}

const npmjs: Setting = { value: 'https://registry.npmjs.org/', from: "npm's default" };

/**
 * Reads what the user has set for npm: the registry of a scope such as `@fontsource`, its login, proxies and certificates.
 *
 * @throws PaddleLabError RUNTIME_INSTALL_FAILED, FILE_NOT_FOUND
 */
export async function readNpmRegistry(scope: string, environment: NodeJS.ProcessEnv): Promise<NpmRegistry> {
  const npm = await readNpmSettings(environment);
  const setting = npm.get(`${scope}:registry`) ?? npm.get('registry') ?? npmjs;
  const url = urlOf(setting, /^https?:$/, 'the URL of a registry');
  const login = loginOf(url, npm);
  url.username = '';
  url.password = '';
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  const unchecked = npm.get('strict-ssl')?.value === 'false';
  return {
    url: url.href,
    from: setting.from,
    connection: {
      proxies: chooseProxies(npm, environment),
      timeoutMs: timeoutOf(npm),
      certificates: await readCertificates(new Map(), npm, environment),
      // A login is only sent to the server that it was given for.
      authorization: (server) => (server.origin === url.origin ? login : undefined),
      ...(unchecked ? { trusts: (server: URL) => server.origin === url.origin } : {}),
    },
  };
}

/** As in npm: of the setting with the longest beginning of the registry's path. */
function loginOf(registry: URL, npm: NpmSettings): string | undefined {
  if (registry.username !== '') return basic(decodeURIComponent(`${registry.username}:${registry.password}`));
  const folders = registry.pathname.split('/').filter((name) => name !== '');
  for (let count = folders.length; count >= 0; count--) {
    const place = ['/', registry.host, ...folders.slice(0, count), ''].join('/').toLowerCase();
    const get = (name: string): string | undefined => npm.get(`${place}:${name}`)?.value;
    const token = get('_authtoken');
    if (token !== undefined) return `Bearer ${token}`;
    const both = get('_auth');
    if (both !== undefined) return `Basic ${both}`;
    const [user, password] = [get('username'), get('_password')];
    if (user !== undefined && password !== undefined) {
      return basic(`${user}:${Buffer.from(password, 'base64').toString('utf8')}`);
    }
  }
  return undefined;
}

function basic(login: string): string {
  return `Basic ${Buffer.from(login).toString('base64')}`;
}

/** npm's own settings win over the variables of other programs. */
function chooseProxies(npm: NpmSettings, environment: NodeJS.ProcessEnv): Proxies {
  const variables = proxiesOf(environment);
  const proxy = (setting: Setting | undefined): string | undefined => {
    // `false` turns it off.
    if (setting === undefined || setting.value === 'false') return setting === undefined ? undefined : '';
    const value = /^\w+:\/\//.test(setting.value) ? setting.value : `http://${setting.value}`;
    return urlOf({ ...setting, value }, /^https?:$/, 'the URL of an HTTP proxy').href;
  };
  const http = proxy(npm.get('proxy'));
  return {
    http: http ?? variables.http,
    https: proxy(npm.get('https-proxy')) ?? http ?? variables.https,
    except: npm.get('noproxy')?.value ?? variables.except,
  };
}

/** In milliseconds, as in npm. */
function timeoutOf(npm: NpmSettings): number {
  const given = Number(npm.get('fetch-timeout')?.value);
  return given > 0 ? given : 30_000;
}

function urlOf(setting: Setting, protocol: RegExp, expected: string): URL {
  try {
    const url = new URL(setting.value);
    if (protocol.test(url.protocol)) return url;
  } catch (error) {
    throw wrongSetting(expected, setting, error);
  }
  throw wrongSetting(`${expected} that starts with https: or http:`, setting);
}
