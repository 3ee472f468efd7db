import { readFile } from '../../files/fs';
import type { Certificates } from '../../http/dispatcher';
import type { Precision } from '../../inference/config';
import { boolean, integer, listOf, type OptionChecks, oneOf, readOptions, text } from '../../options';
import { invalidArgument } from '../../validate';
import type { BackendBase } from '../backend-kind';

/** Files in PEM for servers whose certificates are not those of a public authority. */
export interface RemoteTlsOptions {
  /** Certificates of the authorities that the server is checked against, instead of Node's. */
  readonly ca?: string;
  /** The certificate that is shown to the server. */
  readonly cert?: string;
  /** The private key of `cert`, unless it is in the same file. */
  readonly key?: string;
}

/** How a server is asked. */
export interface ConnectionSettings {
  /** Headers of each request; metadata over gRPC. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as `Authorization: Bearer …`. */
  readonly token?: string;
  readonly tls?: RemoteTlsOptions;
  /** Longest time for a run or for loading, with its repetitions; 60 000 by default. */
  readonly timeoutMs?: number;
  /**
   * How often a request is repeated that the server did not take: no connection, a connection that was cut, 429, 502
   * and 503 (gRPC: UNAVAILABLE and RESOURCE_EXHAUSTED); 3 by default. Nothing is repeated that the server refused or failed to compute, or that took too long.
   */
  readonly retries?: number;
  /** Most connections to each server at once, 16 by default; over gRPC there is one. */
  readonly connections?: number;
  /** Most bytes of an answer; 2^30 by default. */
  readonly largestAnswer?: number;
}

/**
 * A model on a server that speaks the Open Inference Protocol v2: Triton, KServe, OpenVINO Model Server, MLServer,
 * PaddleX. Tensors travel; configuration, preprocessing and postprocessing stay here.
 */
export interface OpenInferenceOptions extends BackendBase, ConnectionSettings {
  readonly kind: 'open-inference';
  /**
   * The server, such as `http://host:8000` or `grpc://host:8001` (`https://`, `grpcs://`); several share the load. Absent
   * if `loadModel` got the model's URL.
   */
  readonly url?: string | readonly string[];
  /** The model's name on the server. */
  readonly model?: string;
  /** Its version; the server chooses by default. */
  readonly version?: string;
  /** The server's names of inputs and outputs by those of the export, where they differ. */
  readonly names?: Readonly<Record<string, string>>;
  /** What the server computes in, for reports and the tolerance of `compareBackends`; `fp32` by default. */
  readonly precision?: Precision;
  /** Whether tensors travel as bytes; by default if the server announces `binary_tensor_data`, over gRPC always. */
  readonly binary?: boolean;
  /**
   * Whether inputs go to a server on this machine through shared memory (`/dev/shm`), which is faster: the system shared
   * memory extension of Triton and `paddlelab serve --shared-memory`. False by default. A server that can't use it is an error.
   */
  readonly sharedMemory?: boolean;
}

/** What messages ask for. */
export const serverUrl = 'URL of a server, such as http://host:8000 or grpc://host:8001';

/** What every client over HTTP has. */
export const connectionChecks = {
  headers: checkHeaders,
  token: (name: string, value: unknown) => checkHeader(name, text(name, value)),
  tls: (name: string, value: unknown) =>
    readOptions<RemoteTlsOptions>(name, value as RemoteTlsOptions, { ca: text, cert: text, key: text }, `${name}.`),
  timeoutMs: integer(1),
  retries: integer(0),
  connections: integer(1),
  largestAnswer: integer(1),
} satisfies OptionChecks<ConnectionSettings>;

const checks = {
  ...connectionChecks,
  url: checkUrls,
  model: text,
  version: text,
  names: checkTexts,
  precision: oneOf(['fp32', 'fp16', 'bf16', 'int8']),
  binary: boolean,
  sharedMemory: boolean,
} satisfies OptionChecks<Omit<OpenInferenceOptions, keyof BackendBase>>;

export const openInferenceKeys: readonly string[] = Object.keys(checks);

/** @throws PaddleLabError INVALID_ARGUMENT */
export function checkOpenInference(name: string, { kind, name: _, threads: __, ...own }: OpenInferenceOptions): void {
  readOptions(`${name} of kind ${kind}`, own, checks, `${name}.`);
}

/** One URL of a server, or several. @throws PaddleLabError INVALID_ARGUMENT */
export function checkUrls(name: string, value: unknown): string | readonly string[] {
  if (!Array.isArray(value)) return checkUrl(name, value);
  if (value.length === 0) throw invalidArgument(name, 'one URL or more', '[]');
  return listOf('URLs', checkUrl)(name, value);
}

/** @throws PaddleLabError INVALID_ARGUMENT */
export function checkUrl(name: string, value: unknown): string {
  if (typeof value === 'string' && /^(https?|grpcs?):\/\/[^/]/i.test(value) && URL.canParse(value)) {
    const { username, password, pathname } = new URL(value);
    if (isGrpc(value) && !['', '/'].includes(pathname)) {
      throw invalidArgument(name, 'URL without a path, which gRPC has no use for', value);
    }
    // A login that can't be decoded is refused here, because the message of the URL class would show it.
    if (!/%(?![0-9a-f]{2})/i.test(username + password)) return value;
  }
  throw invalidArgument(name, serverUrl, value);
}

/** Whether a server is asked over gRPC. */
export function isGrpc(url: string): boolean {
  return /^grpcs?:/i.test(url);
}

function checkTexts(name: string, value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidArgument(name, 'object of texts', value);
  for (const [key, one] of Object.entries(value)) text(`${name}.${key}`, one);
  return value as Record<string, string>;
}

/** What the protocol's own requests have. */
const reserved = ['content-length', 'content-type', 'transfer-encoding', 'host', 'inference-header-content-length'];

function checkHeaders(name: string, value: unknown): Readonly<Record<string, string>> {
  const headers = checkTexts(name, value);
  for (const [key, one] of Object.entries(headers)) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(key)) throw invalidArgument(name, 'names of headers', key);
    if (reserved.includes(key.toLowerCase())) throw invalidArgument(name, `headers other than ${key}`, key);
    checkHeader(`${name}.${key}`, one);
  }
  return headers;
}

/** The value is not shown: it may be a secret. */
function checkHeader(name: string, value: string): string {
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return value;
  throw invalidArgument(name, 'text without line breaks and other control characters', undefined);
}

/** @throws PaddleLabError FILE_NOT_FOUND */
export async function readCertificates({ ca, cert, key }: RemoteTlsOptions = {}): Promise<Certificates | undefined> {
  if (ca === undefined && cert === undefined) return undefined;
  const own = await Promise.all([cert, key].filter((file) => file !== undefined).map((file) => readFile(file, 'utf8')));
  return {
    ...(ca === undefined ? {} : { authorities: [await readFile(ca, 'utf8')] }),
    ...(cert === undefined ? {} : { own: own.join('\n') }),
  };
}
