import { type Certificates, proxiesOf } from '../../http/dispatcher';
import { HttpClient } from '../../http/http-client';
import { type ConnectionSettings, readCertificates } from './options';

const longestConnectMs = 5000;

/** How connections are made. */
export interface Connection {
  readonly connectMs: number;
  readonly certificates?: Certificates;
}

/** @throws PaddleLabError FILE_NOT_FOUND */
export async function connectionOf({
  timeoutMs = 60_000,
  tls,
}: Pick<ConnectionSettings, 'timeoutMs' | 'tls'>): Promise<Connection> {
  const certificates = await readCertificates(tls);
  // Each request has its own limit. One server that can't be reached must leave time for another.
  const connectMs = Math.min(longestConnectMs, timeoutMs);
  return { connectMs, ...(certificates === undefined ? {} : { certificates }) };
}

/** Through the proxies of the environment. */
export function httpClient(connection: Connection, connections: number): HttpClient {
  const proxies = withoutLoopback(proxiesOf(process.env));
  return new HttpClient({ ...connection, proxies, timeoutMs: 0, connections });
}

/** As in URLs. */
const loopbackHosts = ['localhost', '127.0.0.1', '[::1]'];

/** Whether the host of a URL is this machine. */
export function isThisMachine(hostname: string): boolean {
  return loopbackHosts.includes(hostname);
}

/** This machine is never asked through a proxy. */
function withoutLoopback<P extends { readonly except: string }>(proxies: P): P {
  if (proxies.except === '*') return proxies;
  return {
    ...proxies,
    except: [proxies.except, ...loopbackHosts].filter((host) => host !== '').join(','),
  };
}
