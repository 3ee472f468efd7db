import type { Duplex } from 'node:stream';
import grpc, { type ServiceError } from '@grpc/grpc-js';
import { loadGrpc } from '../../src/open-inference/grpc/library';

const { inference, health } = loadGrpc();

/** Calls a server with messages that a client of ours would not send. */
export class GrpcCaller {
  private readonly client: grpc.Client;

  constructor(url: string) {
    this.client = new grpc.Client(new URL(url).host, grpc.credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1,
      'grpc.enable_retries': 0,
    });
  }

  close(): void {
    this.client.close();
  }

  /** The answer as plain objects, or the status of a refusal. Bytes are sent as they are. */
  call(name: string, message: object = {}, options: grpc.CallOptions = {}, signal?: AbortSignal): Promise<unknown> {
    const { path, requestSerialize, responseDeserialize } = (name === 'Check' ? health : inference)[name]!;
    const serialize = (value: object): Buffer => (Buffer.isBuffer(value) ? value : requestSerialize(value));
    return new Promise((resolve) => {
      const done = (error: ServiceError | null, answer?: object): void =>
        resolve(error === null ? plain(answer!) : { code: error.code, details: error.details });
      const call = this.client.makeUnaryRequest(path, serialize, responseDeserialize, message, options, done as never);
      signal?.addEventListener('abort', () => call.cancel());
    });
  }

  health(service: string): Promise<unknown> {
    return this.call('Check', { service });
  }

  /** A call of any path. */
  unknown(path: string): Promise<unknown> {
    const same = (bytes: Buffer): Buffer => bytes;
    return new Promise((resolve) => {
      this.client.makeUnaryRequest(path, same, same, Buffer.alloc(0), (error, answer) => {
        resolve(error === null ? answer : { code: error!.code, details: error!.details });
      });
    });
  }

  /** A call whose message never comes. */
  half(): Promise<unknown> {
    const same = (bytes: Buffer): Buffer => bytes;
    return new Promise((resolve) => {
      const stream = this.client.makeBidiStreamRequest(inference.ModelInfer!.path, same, same) as unknown as Duplex;
      stream.on('error', (error: ServiceError) => resolve({ code: error.code, details: error.details }));
      stream.resume();
      // The headers only.
      stream.on('data', () => undefined);
    });
  }
}

/** Without Long and prototypes. */
function plain(message: object): unknown {
  return JSON.parse(JSON.stringify(message));
}
