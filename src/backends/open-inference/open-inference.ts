import { readProgram } from '../../inference/model-files';
import { loadGrpc } from '../../open-inference/grpc/library';
import { parseModelUrl } from '../../spec/model-url';
import { invalidArgument } from '../../validate';
import type { BackendKind, OpenOptions, SessionModel } from '../backend-kind';
import { GrpcServer } from './grpc/grpc-server';
import { connectionOf, httpClient, isThisMachine } from './http-connection';
import type { ModelServer, RemoteTarget } from './model-server';
import { checkOpenInference, isGrpc, type OpenInferenceOptions, openInferenceKeys, serverUrl } from './options';
import { matchPorts } from './ports';
import { RemoteServer } from './remote-server';
import { ServerPool } from './server-pool';
import { RemoteSession } from './session';
import { checkOffersRegions, SharedRegions } from './shared-memory/regions';

export const openInference: BackendKind<OpenInferenceOptions> = {
  kind: 'open-inference',
  optionKeys: openInferenceKeys,
  check: checkOpenInference,
  open: openRemote,
};

async function openRemote(
  options: OpenInferenceOptions,
  model: SessionModel,
  { signal }: OpenOptions,
): Promise<RemoteSession> {
  const { urls, ...target } = targetOf(options, model);
  const exported = parseModelUrl(model.program) === undefined ? (await readProgram(model.program)).outline : undefined;
  const { timeoutMs = 60_000, retries = 3, sharedMemory = false } = options;
  if (sharedMemory) for (const url of urls) checkLoopback(url);
  const { servers, close } = await connect(urls, target, options);
  try {
    const pool = new ServerPool(servers, { timeoutMs, retries });
    const found = await pool.ask(async (server, limit) => {
      const facts = await server.describe(limit);
      if (sharedMemory) checkOffersRegions(server, facts);
      const { title } = facts;
      await server.checkReady(limit);
      const described = await server.describeModel(limit);
      const ports = matchPorts(server.modelUrl, exported, described, options.names);
      return { ports, library: `${title} at ${server.url}` };
    }, signal);
    const info = {
      backend: 'open-inference',
      library: found.library,
      device: 'remote',
      precision: options.precision ?? 'fp32',
      threads: 0,
    } as const;
    const regions = sharedMemory ? new SharedRegions() : undefined;
    return new RemoteSession(pool, found.ports, info, {
      users: 0,
      close,
      ...(regions === undefined ? {} : { regions }),
    });
  } catch (error) {
    await close();
    throw error;
  }
}

interface Connected {
  readonly servers: readonly ModelServer[];
  readonly close: () => Promise<void>;
}

/** The servers of the URLs; connections are made when they are first asked. */
async function connect(
  urls: readonly string[],
  target: RemoteTarget,
  { timeoutMs = 60_000, connections = 16, tls }: OpenInferenceOptions,
): Promise<Connected> {
  const common = await connectionOf({ timeoutMs, tls });
  const client = httpClient(common, connections);
  const library = urls.some(isGrpc) ? loadGrpc() : undefined;
  const servers = urls.map((url) => {
    return library !== undefined && isGrpc(url)
      ? new GrpcServer(url, target, library, common)
      : new RemoteServer(url, target, client);
  });
  const close = async (): Promise<void> => {
    for (const server of servers) if (server instanceof GrpcServer) server.close();
    await client.close();
  };
  return { servers, close };
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
    if (url === undefined) throw invalidArgument('backend.url', serverUrl, url);
    if (model === undefined) throw invalidArgument('backend.model', "the model's name on the server", model);
    const urls = typeof url === 'string' ? [url] : url;
    if (urls.some(isGrpc)) checkBinary(binary);
    return { urls, model, version, ...common };
  }
  const twice = Object.entries({ url, model, version }).find(([, value]) => value !== undefined);
  if (twice !== undefined) {
    const nothing = 'nothing, because the URL in place of a folder names it';
    throw invalidArgument(`backend.${twice[0]}`, nothing, twice[1]);
  }
  if (isGrpc(given.server)) checkBinary(binary);
  return { urls: [given.server], model: given.model, version: given.version, ...common };
}

/** The host is shown without a login that the URL may have. */
function checkLoopback(url: string): void {
  const { hostname } = new URL(url);
  if (isThisMachine(hostname)) return;
  const wanted = 'false, because only servers on this machine (localhost, 127.0.0.1, [::1]) share its memory,';
  throw invalidArgument('backend.sharedMemory', wanted, `true for ${hostname}`);
}

function checkBinary(binary: boolean | undefined): void {
  if (binary === false) throw invalidArgument('backend.binary', 'true or nothing, because gRPC has no JSON', binary);
}
