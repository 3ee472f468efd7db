import type { ReceivedTensor } from '../../open-inference/described-tensor';
import type { ModelFacts, ServerFacts } from './metadata';
import type { RunRequest } from './request';

/** A model on a server, and how to ask for it. */
export interface RemoteTarget {
  readonly model: string;
  readonly version: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether tensors travel as bytes; undefined: as the server announces. */
  readonly binary: boolean | undefined;
  readonly largestAnswer: number;
}

/** Bytes of the runs so far. */
export interface TrafficCount {
  sentBytes: number;
  receivedBytes: number;
}

/** One of several servers that share the load. */
export interface PooledServer {
  /** Number of runs that it computes now. */
  running: number;
  /** Until when others are preferred, because it failed; as of `performance.now()`. */
  restsUntil: number;
  /** Its URL for messages, without the login. */
  readonly url: string;
}

/** One server that has the model, over HTTP or gRPC. All errors of requests are `RemoteError`s. */
export interface ModelServer extends PooledServer {
  /** That of the model. */
  readonly modelUrl: string;
  readonly traffic: TrafficCount;

  /** What the server says about itself; asked once. */
  describe(signal: AbortSignal): Promise<ServerFacts>;
  describeModel(signal: AbortSignal): Promise<ModelFacts>;
  /** @throws RemoteError if the model is not ready; that may be over soon */
  checkReady(signal: AbortSignal): Promise<void>;
  infer(request: RunRequest, signal: AbortSignal): Promise<ReceivedTensor[]>;

  /** @throws RemoteError if the server refuses */
  registerRegion(region: RemoteRegion, signal: AbortSignal): Promise<void>;
  /** @throws RemoteError if the server does not know it, or fails */
  checkRegion(name: string, signal: AbortSignal): Promise<void>;
  unregisterRegion(name: string, signal: AbortSignal): Promise<void>;
}

/** Shared memory as it is registered with a server. */
export interface RemoteRegion {
  readonly name: string;
  readonly key: string;
  readonly byteSize: number;
}

/** The model for messages. */
export function modelTitle({ model, version }: RemoteTarget): string {
  return `model "${model}"${version === undefined ? '' : ` in version "${version}"`}`;
}

/** The headers of each request: those of the target, and the login that the URL has. */
export function headersFor(
  { username, password }: URL,
  { headers }: Pick<RemoteTarget, 'headers'>,
): Readonly<Record<string, string>> {
  if (username === '') return headers;
  const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  return { authorization: `Basic ${login}`, ...headers };
}

/** Whether headers have a login. */
export function hasLogin(headers: Readonly<Record<string, string>>): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
}
