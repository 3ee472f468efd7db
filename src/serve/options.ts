import os from 'node:os';
import type { LoadModelOptions } from '../model/load-model';
import {
  abortSignal,
  boolean,
  checkedLater,
  integer,
  listOf,
  type OptionChecks,
  oneOf,
  readOptions,
  text,
} from '../options';
import { invalidArgument } from '../validate';
import { isLoopback } from './loopback';
import { checkTls, type ServeTlsOptions } from './tls';

/** The log level of a server; the log is lines of JSON on standard error. */
export type ServeLog = 'silent' | 'error' | 'warn' | 'info';

/** Options of `serve`. */
export interface ServeOptions {
  /** The port for HTTP; 0 takes a free one. 8000 by default. */
  readonly port?: number;
  /** The port for gRPC; 0 takes a free one. Without it there is no gRPC. */
  readonly grpcPort?: number;
  /** Files of the certificate with which HTTP and gRPC are encrypted; without it they are not. */
  readonly tls?: ServeTlsOptions;
  /** The interface: `127.0.0.1` by default, so that other machines can't reach the server; `0.0.0.0` for all. */
  readonly host?: string;
  /** How models are loaded: options of `loadModel`. */
  readonly load?: Omit<LoadModelOptions, 'signal'>;
  /** Number of runs of a model at the same time; by default one for each core. */
  readonly sessions?: number;
  /** Most requests that share a run, where model and shapes let them; 1 by default: each runs alone. */
  readonly maxBatch?: number;
  /** How long a request waits for others to share its run, in milliseconds; 2 by default. */
  readonly maxDelay?: number;
  /** Most requests of a model that wait; more are answered 503. 128 by default. */
  readonly queue?: number;
  /** Longest time of a request, waiting included, in milliseconds; 60 000 by default. */
  readonly timeout?: number;
  /** Most bytes of a request; 2^28 by default. */
  readonly maxBody?: number;
  /** Most bytes of all requests that are being received or run; 2^30 by default, or `maxBody` if that is more. */
  readonly maxMemory?: number;
  /** Most elements of a tensor; 2^26 by default. */
  readonly maxElements?: number;
  /** Most pixels of an image; 50 million by default. */
  readonly maxPixels?: number;
  /** Most connections at the same time; 1024 by default. */
  readonly maxConnections?: number;
  /** Longest time in which a request must have arrived completely, in milliseconds; 30 000 by default. */
  readonly receiveTimeout?: number;
  /** Requests need `Authorization: Bearer TOKEN`; all but those for health. */
  readonly token?: string;
  /** Names under which browsers may ask a server of this machine that has no token; others than `localhost` and addresses. */
  readonly allowedHosts?: readonly string[];
  /**
   * Whether clients on this machine may leave tensors in shared memory, which is faster. They can then read and write all
   * shared memory of this user. False by default; on an interface that others reach, it needs a token.
   */
  readonly sharedMemory?: boolean;
  /** Longest time in which taken requests are finished when the server ends, in milliseconds; 30 000 by default. */
  readonly grace?: number;
  /** Lines of JSON on standard error; `silent` by default. */
  readonly log?: ServeLog;
  /** Gives up loading the models. */
  readonly signal?: AbortSignal;
}

const checks = {
  port: checkPort,
  grpcPort: checkPort,
  tls: checkTls,
  host: text,
  load: checkedLater,
  sessions: integer(1),
  maxBatch: integer(1),
  maxDelay: integer(0),
  queue: integer(0),
  timeout: integer(1),
  maxBody: integer(1),
  maxMemory: integer(1),
  maxElements: integer(1),
  maxPixels: integer(1),
  maxConnections: integer(1),
  receiveTimeout: integer(1),
  token: checkToken,
  allowedHosts: listOf('names of hosts', text),
  sharedMemory: boolean,
  grace: integer(0),
  log: oneOf(['silent', 'error', 'warn', 'info']),
  signal: abortSignal,
} satisfies OptionChecks<ServeOptions>;

function checkPort(name: string, value: unknown): number {
  if (integer(0)(name, value) <= 65_535) return value as number;
  throw invalidArgument(name, 'integer from 0 to 65535', value);
}

/** The token is not shown. */
function checkToken(name: string, value: unknown): string {
  if (typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)) return value;
  throw invalidArgument(name, 'text of ASCII letters, digits and signs, without spaces', typeof value);
}

/** Options with their defaults. */
export type ServeSettings = Required<Omit<ServeOptions, Optional>> & Pick<ServeOptions, Optional>;

type Optional = 'grpcPort' | 'tls' | 'token' | 'signal';

/** @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION */
export function readServeOptions(options: ServeOptions): ServeSettings {
  const given = readOptions('serve', options, checks);
  const { maxBody = 2 ** 28 } = given;
  const sessions = given.sessions ?? os.availableParallelism();
  const defaults = {
    ...{ port: 8000, host: '127.0.0.1', sessions },
    ...{ maxBatch: 1, maxDelay: 2, queue: 128, timeout: 60_000 },
    ...{ maxBody, maxMemory: Math.max(2 ** 30, maxBody), maxElements: 2 ** 26, maxPixels: 50_000_000 },
    ...{ maxConnections: 1024, receiveTimeout: 30_000, grace: 30_000 },
    ...{ sharedMemory: false, allowedHosts: [], log: 'silent' as const },
  };
  const settings = { ...defaults, ...withoutUndefined(given), load: withThreads(given.load ?? {}, sessions) };
  checkSharedMemory(settings);
  return settings;
}

function checkSharedMemory({ sharedMemory, host, token }: ServeSettings): void {
  if (!sharedMemory || token !== undefined || isLoopback(host)) return;
  const wanted = 'a token, because other machines could name shared memory of this one';
  throw invalidArgument('token', wanted, token);
}

function withoutUndefined<O extends object>(options: O): O {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as O;
}

/** Sessions share the cores, unless the options set their number of threads. */
function withThreads(load: Omit<LoadModelOptions, 'signal'>, sessions: number): Omit<LoadModelOptions, 'signal'> {
  if (load.threads !== undefined || load.backend !== undefined) return load;
  return { ...load, threads: Math.max(1, Math.floor(os.availableParallelism() / sessions)) };
}
