import { proxiesOf } from '../../http/dispatcher';
import { HttpClient } from '../../http/http-client';
import { readProgram } from '../../inference/model-files';
import { parseModelUrl } from '../../spec/model-url';
import { invalidArgument } from '../../validate';
import type { BackendKind, OpenOptions, SessionModel } from '../backend-kind';
import { checkOpenInference, type OpenInferenceOptions, openInferenceKeys, readCertificates } from './options';
import { matchPorts } from './ports';
import { RemoteServer, type RemoteTarget } from './remote-server';
import { ServerPool } from './server-pool';
import { RemoteSession } from './session';

export const openInference: BackendKind<OpenInferenceOptions> = {
  kind: 'open-inference',
  optionKeys: openInferenceKeys,
  check: checkOpenInference,
  open: openRemote,
};

const longestConnectMs = 5000;

async function openRemote(
  options: OpenInferenceOptions,
  model: SessionModel,
  { signal }: OpenOptions,
): Promise<RemoteSession> {
  const { urls, ...target } = targetOf(options, model);
  const exported = parseModelUrl(model.program) === undefined ? (await readProgram(model.program)).outline : undefined;
  const { timeoutMs = 60_000, retries = 3, connections = 16, tls } = options;
  const proxies = withoutLoopback(proxiesOf(process.env));
  const certificates = await readCertificates(tls);
  // Each request has its own limit. One server that can't be reached must leave time for another.
  const connectMs = Math.min(longestConnectMs, timeoutMs);
  const settings = {
    proxies,
    timeoutMs: 0,
    connectMs,
    connections,
    ...(certificates === undefined ? {} : { certificates }),
  };
  const client = new HttpClient(settings);
  try {
    const pool = new ServerPool(
      urls.map((url) => new RemoteServer(url, target, client)),
      { timeoutMs, retries },
    );
    const found = await pool.ask(async (server, limit) => {
      const { title } = await server.describe(limit);
      await server.checkReady(limit);
      const facts = await server.describeModel(limit);
      const ports = matchPorts(`${server.url}/v2/models/${target.model}`, exported, facts, options.names);
      return { ports, library: `${title} at ${server.url}` };
    }, signal);
    const info = {
      backend: 'open-inference',
      library: found.library,
      device: 'remote',
      precision: options.precision ?? 'fp32',
      threads: 0,
    } as const;
    return new RemoteSession(pool, found.ports, info, { users: 0, close: () => client.close() });
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** From the options, or from the URL in place of a folder. */
function targetOf(
  options: OpenInferenceOptions,
  { program }: SessionModel,
): RemoteTarget & { urls: readonly string[] } {
  const { url, model, version, headers = {}, token, binary, largestAnswer = 2 ** 30 } = options;
  const login: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const common = { headers: { ...headers, ...login }, binary, largestAnswer };
  const given = parseModelUrl(program);
  if (given === undefined) {
    if (url === undefined) throw invalidArgument('backend.url', 'URL of a server, such as http://host:8000', url);
    if (model === undefined) throw invalidArgument('backend.model', "the model's name on the server", model);
    return { urls: typeof url === 'string' ? [url] : url, model, version, ...common };
  }
  const twice = Object.entries({ url, model, version }).find(([, value]) => value !== undefined);
  if (twice === undefined) return { urls: [given.server], model: given.model, version: given.version, ...common };
  throw invalidArgument(`backend.${twice[0]}`, 'nothing, because the URL in place of a folder names it', twice[1]);
}

/** This machine is never asked through a proxy. */
function withoutLoopback<P extends { readonly except: string }>(proxies: P): P {
  if (proxies.except === '*') return proxies;
  return {
    ...proxies,
    except: [proxies.except, 'localhost', '127.0.0.1', '[::1]'].filter((host) => host !== '').join(','),
  };
}
