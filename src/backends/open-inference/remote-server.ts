import { failureOf, isCertificate } from '../../http/failures';
import type { HttpAnswer, HttpClient, Message } from '../../http/http-client';
import { type InferAnswer, readInferAnswer, readText, shownStart } from './answer';
import { type ModelFacts, readModelFacts, readServerFacts, type ServerFacts } from './metadata';
import { type Asked, refusal } from './refusal';
import { RemoteError } from './remote-error';
import type { InferRequest } from './request';

/** A model on a server, and how to ask for it. */
export interface RemoteTarget {
  readonly model: string;
  readonly version: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether tensors travel as bytes; undefined: as the server announces. */
  readonly binary: boolean | undefined;
  readonly largestAnswer: number;
}

/** Codes of failures after which nothing has reached the server, or the connection was cut. */
const cutCodes = [
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENETUNREACH', 'EHOSTUNREACH', 'ETIMEDOUT', 'EAI_AGAIN'],
  ...['UND_ERR_SOCKET', 'UND_ERR_CONNECT_TIMEOUT'],
];

/** One server that has the model. */
export class RemoteServer {
  /** Number of runs that it computes now. */
  running = 0;
  /** Until when others are preferred, because it failed; as of `performance.now()`. */
  restsUntil = 0;
  /** Its URL for messages, without the login. */
  readonly url: string;
  private readonly base: string;
  private readonly headers: Readonly<Record<string, string>>;
  private facts: ServerFacts | undefined;

  constructor(
    url: string,
    private readonly target: RemoteTarget,
    private readonly client: HttpClient,
  ) {
    const parsed = new URL(url);
    const { username, password } = parsed;
    const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
    this.headers = username === '' ? target.headers : { authorization: `Basic ${login}`, ...target.headers };
    this.base = `${parsed.origin}${parsed.pathname.replace(/\/+$/, '').replace(/\/v2$/, '')}`;
    this.url = this.base;
  }

  /** What the server says about itself; asked once. */
  async describe(signal: AbortSignal): Promise<ServerFacts> {
    const { binary } = this.target;
    this.facts ??= readServerFacts(`${this.url}/v2`, await this.json('/v2', signal));
    return binary === undefined ? this.facts : { ...this.facts, binary };
  }

  async describeModel(signal: AbortSignal): Promise<ModelFacts> {
    const path = this.modelPath();
    return readModelFacts(`${this.url}${path}`, await this.json(path, signal));
  }

  /** @throws RemoteError if the model is not ready; that may be over soon */
  async checkReady(signal: AbortSignal): Promise<void> {
    const path = `${this.modelPath()}/ready`;
    const url = `${this.url}${path}`;
    const answer = await this.send(path, { method: 'GET', signal });
    if (answer.status === 200) {
      // Read to its end, so that the connection is used again.
      await this.reading(url, signal, () => readText(url, answer));
      return;
    }
    const { code, message, reason, waitMs } = await refusal(url, answer, this.asked());
    // Triton answers 400 while a model is loaded.
    const mayRepeat = answer.status >= 500 || answer.status === 400 || answer.status === 429;
    if (!mayRepeat) throw new RemoteError(url, reason, { code, cause: message });
    throw new RemoteError(url, `the model is not ready: ${reason}`, {
      mayRepeat,
      ...(waitMs === undefined ? {} : { waitMs }),
    });
  }

  async infer({ body, headers }: InferRequest, binary: boolean, signal: AbortSignal): Promise<InferAnswer> {
    const path = `${this.modelPath()}/infer`;
    const url = `${this.url}${path}`;
    const answer = await this.send(path, { method: 'POST', body, headers, signal });
    if (answer.status !== 200) throw await refusal(url, answer, { ...this.asked(), binary });
    return this.reading(url, signal, () => readInferAnswer(url, answer, this.target.largestAnswer));
  }

  private async json(path: string, signal: AbortSignal): Promise<unknown> {
    const url = `${this.url}${path}`;
    const answer = await this.send(path, { method: 'GET', signal });
    if (answer.status !== 200) throw await refusal(url, answer, this.asked());
    const text = await this.reading(url, signal, () => readText(url, answer));
    try {
      return JSON.parse(text);
    } catch (error) {
      const text80 = shownStart(Buffer.from(text));
      const advice = 'is it a server of the Open Inference Protocol v2?';
      throw new RemoteError(url, `Expected JSON but the server answered ${text80}; ${advice}`, { cause: error });
    }
  }

  private async send(path: string, message: Message): Promise<HttpAnswer> {
    const headers = { ...this.headers, ...message.headers };
    const url = `${this.url}${path}`;
    return this.reading(url, message.signal, () => this.client.send(`${this.base}${path}`, { ...message, headers }));
  }

  /** Failures of the connection in plain words. */
  private async reading<T>(url: string, signal: AbortSignal | undefined, request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      if (error instanceof RemoteError || signal?.aborted) throw error;
      const { code, reason } = failureOf(error);
      const isRefused = code === 'ECONNREFUSED';
      const isOther = code.startsWith('HPE_');
      const advice =
        isRefused || isOther ? `; ${isRefused ? 'is the server running, and ' : ''}is this its port for HTTP?` : '';
      const tls = isCertificate(code) ? ', or in backend.tls.ca' : '';
      throw new RemoteError(url, `${reason}${tls}${advice}`, { cause: error, mayRepeat: cutCodes.includes(code) });
    }
  }

  private modelPath(): string {
    const { model, version } = this.target;
    return `/v2/models/${encodeURIComponent(model)}${version === undefined ? '' : `/versions/${encodeURIComponent(version)}`}`;
  }

  private asked(): Asked {
    const { model, version } = this.target;
    const names = Object.keys(this.headers).map((name) => name.toLowerCase());
    const title = `model "${model}"${version === undefined ? '' : ` in version "${version}"`}`;
    return { model: title, hasLogin: names.includes('authorization') };
  }
}
