import type { HttpAnswer } from '../../http/http-answer';
import type { HttpClient } from '../../http/http-client';
import type { ReceivedTensor } from '../../open-inference/described-tensor';
import { readInferAnswer, readText, shownStart } from './answer';
import { HttpHost } from './http-host';
import { type ModelFacts, readModelFacts, readServerFacts, type ServerFacts } from './metadata';
import {
  hasLogin,
  headersFor,
  type ModelServer,
  modelTitle,
  type RemoteRegion,
  type RemoteTarget,
  type TrafficCount,
} from './model-server';
import { type Asked, refusal } from './refusal';
import { RemoteError } from './remote-error';
import type { RunRequest } from './request';

/** One server that has the model, over HTTP. */
export class RemoteServer implements ModelServer {
  running = 0;
  restsUntil = 0;
  readonly url: string;
  readonly modelUrl: string;
  readonly traffic: TrafficCount = { sentBytes: 0, receivedBytes: 0 };
  private readonly host: HttpHost;
  private facts: ServerFacts | undefined;

  constructor(
    url: string,
    private readonly target: RemoteTarget,
    client: HttpClient,
  ) {
    const parsed = new URL(url);
    const base = `${parsed.origin}${parsed.pathname.replace(/\/+$/, '').replace(/\/v2$/, '')}`;
    this.host = new HttpHost(base, headersFor(parsed, target), client);
    this.url = base;
    this.modelUrl = `${this.url}${this.modelPath()}`;
  }

  async describe(signal: AbortSignal): Promise<ServerFacts> {
    const { binary } = this.target;
    this.facts ??= readServerFacts(`${this.url}/v2`, await this.json('/v2', signal));
    return binary === undefined ? this.facts : { ...this.facts, binary };
  }

  async describeModel(signal: AbortSignal): Promise<ModelFacts> {
    return readModelFacts(this.modelUrl, await this.json(this.modelPath(), signal));
  }

  async checkReady(signal: AbortSignal): Promise<void> {
    const path = `${this.modelPath()}/ready`;
    const url = `${this.url}${path}`;
    const answer = await this.host.send(path, { method: 'GET', signal });
    if (answer.status === 200) {
      // Read to its end, so that the connection is used again.
      await this.host.reading(url, signal, () => readText(url, answer));
      return;
    }
    const { code, message, reason, waitMs } = await refusal(url, answer, this.asked());
    if (answer.status === 400) await this.checkKnown(signal);
    const mayRepeat = answer.status >= 500 || answer.status === 400 || answer.status === 429;
    if (!mayRepeat) throw new RemoteError(url, reason, { code, cause: message });
    throw new RemoteError(url, `the model is not ready: ${reason}`, {
      mayRepeat,
      ...(waitMs === undefined ? {} : { waitMs }),
    });
  }

  /** Triton answers 400 while a model is loaded, and for one that it does not have; it does not describe the latter. */
  private async checkKnown(signal: AbortSignal): Promise<void> {
    await this.describeModel(signal).catch((error: unknown) => {
      if (error instanceof RemoteError && error.code === 'MODEL_NOT_FOUND') throw error;
    });
  }

  async infer(request: RunRequest, signal: AbortSignal): Promise<ReceivedTensor[]> {
    const { binary } = await this.describe(signal);
    const { body, headers } = binary ? request.binary : request.json;
    const path = `${this.modelPath()}/infer`;
    const url = `${this.url}${path}`;
    this.traffic.sentBytes += body.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const answer = await this.host.send(path, { method: 'POST', body, headers, signal });
    if (answer.status !== 200) throw await this.refusedRun(url, answer, binary);
    const tensors = await this.host.reading(url, signal, () => readInferAnswer(url, answer, this.target.largestAnswer));
    this.traffic.receivedBytes += answer.body.size;
    return tensors;
  }

  async registerRegion({ name, key, byteSize }: RemoteRegion, signal: AbortSignal): Promise<void> {
    const text = JSON.stringify({ key, offset: 0, byte_size: byteSize });
    await this.askRegion('POST', `${name}/register`, signal, Buffer.from(text, 'utf8'));
  }

  async checkRegion(name: string, signal: AbortSignal): Promise<void> {
    await this.askRegion('GET', `${name}/status`, signal);
  }

  async unregisterRegion(name: string, signal: AbortSignal): Promise<void> {
    await this.askRegion('POST', `${name}/unregister`, signal);
  }

  private async askRegion(method: 'GET' | 'POST', place: string, signal: AbortSignal, body?: Buffer): Promise<void> {
    const path = `/v2/systemsharedmemory/region/${place}`;
    const url = `${this.url}${path}`;
    const sent = body === undefined ? {} : { body: [body], headers: { 'content-type': 'application/json' } };
    const answer = await this.host.send(path, { method, signal, ...sent });
    if (answer.status !== 200) throw await refusal(url, answer, { ...this.asked(), isRegion: true });
    // Read to its end, so that the connection is used again.
    await this.host.reading(url, signal, () => readText(url, answer));
  }

  private async refusedRun(url: string, answer: HttpAnswer, binary: boolean): Promise<RemoteError> {
    const error = await refusal(url, answer, { ...this.asked(), binary });
    if (error.code !== 'MODEL_NOT_FOUND') return error;
    // It had the model when the session was opened: a server that was restarted is loading it.
    return new RemoteError(url, error.reason, { code: error.code, cause: error, mayRepeat: true });
  }

  private async json(path: string, signal: AbortSignal): Promise<unknown> {
    const url = `${this.url}${path}`;
    const answer = await this.host.send(path, { method: 'GET', signal });
    if (answer.status !== 200) throw await refusal(url, answer, this.asked());
    const text = await this.host.reading(url, signal, () => readText(url, answer));
    try {
      return JSON.parse(text);
    } catch (error) {
      const text80 = shownStart(Buffer.from(text));
      const advice = 'is it a server of the Open Inference Protocol v2?';
      throw new RemoteError(url, `Expected JSON but the server answered ${text80}; ${advice}`, { cause: error });
    }
  }

  private modelPath(): string {
    const { model, version } = this.target;
    return `/v2/models/${encodeURIComponent(model)}${version === undefined ? '' : `/versions/${encodeURIComponent(version)}`}`;
  }

  private asked(): Asked {
    return { model: modelTitle(this.target), hasLogin: hasLogin(this.host.headers) };
  }
}
