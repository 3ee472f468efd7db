import type * as Undici from 'undici';
import type { Dispatcher } from 'undici';
import { messageOf } from '../errors';
import { downloadFailed } from './download-failed';

/** URLs of proxies; an empty text stands for none. */
export interface Proxies {
  readonly http: string;
  readonly https: string;
  /** Hosts that are asked directly, as in `NO_PROXY`. */
  readonly except: string;
}

/** Certificates in PEM instead of those of Node. */
export interface Certificates {
  /** Authorities that servers are checked against. */
  readonly authorities?: readonly string[];
  /** Certificate and key that are shown to servers. */
  readonly own?: string;
}

export interface ConnectionOptions {
  readonly proxies: Proxies;
  /** Longest wait for a connection, an answer or its next bytes; 0 for none. */
  readonly timeoutMs: number;
  /** Longest wait for a connection, if another. */
  readonly connectMs?: number;
  readonly certificates?: Certificates;
  /** Most connections to one server at once; without a limit by default. */
  readonly connections?: number;
  /** Whether the certificate of a server is not checked. */
  readonly trusts?: (server: URL) => boolean;
  /** The header `Authorization` for a server, also for one that another has redirected to. */
  readonly authorization?: (server: URL) => string | undefined;
}

/** The proxies of the environment. */
export function proxiesOf(environment: NodeJS.ProcessEnv): Proxies {
  return {
    http: environment.http_proxy ?? environment.HTTP_PROXY ?? '',
    https: environment.https_proxy ?? environment.HTTPS_PROXY ?? '',
    except: environment.no_proxy ?? environment.NO_PROXY ?? '',
  };
}

/** What undici's `fetch` sends its requests with. */
export function makeDispatcher(undici: typeof Undici, options: ConnectionOptions): Dispatcher {
  const { authorization, trusts } = options;
  const strict = makeAgent(undici, options, true);
  if (authorization === undefined && trusts === undefined) return strict;
  const loose = trusts === undefined ? strict : makeAgent(undici, options, false);
  const composed = strict.compose((dispatch) => (request, handler) => {
    const server = new URL(String(request.origin));
    const login = authorization?.(server);
    const sent = login === undefined ? request : { ...request, headers: withLogin(request.headers, login) };
    return trusts?.(server) ? loose.dispatch(sent, handler) : dispatch(sent, handler);
  });
  return loose === strict ? composed : closingBoth(composed, loose);
}

function withLogin(
  headers: Dispatcher.DispatchOptions['headers'],
  login: string,
): Dispatcher.DispatchOptions['headers'] {
  // undici's fetch passes an object.
  const sent = headers as Record<string, string>;
  return 'authorization' in sent ? sent : { ...sent, authorization: login };
}

function closingBoth(first: Dispatcher, second: Dispatcher): Dispatcher {
  const destroy = first.destroy.bind(first);
  first.destroy = async () => {
    await Promise.all([destroy(), second.destroy()]);
  };
  return first;
}

/** undici warns on standard error that its proxy support may change; the version is fixed by this package. */
function makeAgent(
  { EnvHttpProxyAgent }: typeof Undici,
  { proxies, timeoutMs, connectMs = timeoutMs, certificates = {}, connections }: ConnectionOptions,
  checked: boolean,
): Dispatcher {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  const { authorities, own } = certificates;
  const tls = {
    timeout: connectMs,
    rejectUnauthorized: checked,
    ...(authorities === undefined ? {} : { ca: [...authorities] }),
    ...(own === undefined ? {} : { cert: own, key: own }),
  };
  const options = {
    // An empty text stands for "none"; undefined would be read from the variables of this process.
    httpProxy: proxies.http,
    httpsProxy: proxies.https,
    noProxy: proxies.except,
    connect: tls,
    // Through a proxy: to the server and to the proxy itself. undici's types lack them.
    requestTls: tls,
    proxyTls: tls,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    ...(connections === undefined ? {} : { connections }),
  };
  try {
    return new EnvHttpProxyAgent(options);
  } catch (error) {
    throw downloadFailed(`HTTP_PROXY or HTTPS_PROXY is not the URL of a proxy: ${messageOf(error)}`, error);
  } finally {
    process.emitWarning = emitWarning;
  }
}
