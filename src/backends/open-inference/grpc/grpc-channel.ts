import type { ChannelOptions, Client, Metadata, MethodDefinition, ServiceError } from '@grpc/grpc-js';
import type { Certificates } from '../../../http/dispatcher';
import type { GrpcLibrary } from '../../../open-inference/grpc/library';
import type { ProtocolCalls } from '../../../open-inference/grpc/messages';
import type { TrafficCount } from '../model-server';

export interface ChannelSettings {
  /** Whether it is encrypted. */
  readonly secure: boolean;
  readonly certificates?: Certificates;
  /** Longest wait for a connection. */
  readonly connectMs: number;
  readonly largestAnswer: number;
  /** Whether the server is asked through a proxy of the environment. */
  readonly proxied: boolean;
}

type Call = MethodDefinition<object, object>;

/** No connection. */
export class ConnectError extends Error {}

/** Large tensors would wait for the other side after each 64 KiB otherwise. */
const flowControlWindow = 4 * 2 ** 20;

/** A connection to a server, which is made again after it failed. */
export class GrpcChannel {
  private client: Client | undefined;

  constructor(
    private readonly library: GrpcLibrary,
    private readonly address: string,
    private readonly settings: ChannelSettings,
  ) {}

  /** @throws ServiceError of grpc-js, ConnectError */
  async call<Name extends keyof ProtocolCalls>(
    name: Name,
    message: Partial<ProtocolCalls[Name][0]>,
    metadata: Metadata,
    signal: AbortSignal,
    traffic?: TrafficCount,
  ): Promise<ProtocolCalls[Name][1]> {
    const client = await this.connected(signal);
    const { path, requestSerialize, responseDeserialize } = counting(this.library.inference[name]!, traffic);
    return new Promise((resolve, reject) => {
      const done = (error: ServiceError | null, answer?: unknown): void => {
        signal.removeEventListener('abort', cancel);
        // A connection on which nothing is answered may be dead. Other calls on it go on.
        if (signal.aborted) this.drop(client);
        if (error === null) resolve(answer as ProtocolCalls[Name][1]);
        else reject(error);
      };
      const call = client.makeUnaryRequest(path, requestSerialize, responseDeserialize, message, metadata, {}, done);
      const cancel = (): void => call.cancel();
      signal.addEventListener('abort', cancel, { once: true });
    });
  }

  close(): void {
    this.client?.close();
    this.client = undefined;
  }

  private drop(client: Client): void {
    client.close();
    if (this.client === client) this.client = undefined;
  }

  /**
   * The client once it has a connection, or has failed to make one: then its next call fails with the reason. Other
   * than the library itself, which waits longer after each failure, each call tries again.
   */
  private async connected(signal: AbortSignal): Promise<Client> {
    const { connectivityState } = this.library.grpc;
    const limit = Date.now() + this.settings.connectMs;
    const failed = this.client?.getChannel().getConnectivityState(false) === connectivityState.TRANSIENT_FAILURE;
    if (this.client !== undefined && failed) this.drop(this.client);
    this.client ??= this.make();
    const { client } = this;
    for (;;) {
      signal.throwIfAborted();
      const state = client.getChannel().getConnectivityState(true);
      if (state !== connectivityState.IDLE && state !== connectivityState.CONNECTING) return client;
      await changeOf(client, state, limit, signal);
    }
  }

  private make(): Client {
    const { grpc } = this.library;
    const { secure, certificates = {}, largestAnswer, proxied } = this.settings;
    const options: ChannelOptions = {
      'grpc.max_receive_message_length': largestAnswer,
      'grpc.max_send_message_length': -1,
      'grpc.primary_user_agent': 'paddlelab',
      'grpc-node.flow_control_window': flowControlWindow,
      'grpc.enable_http_proxy': proxied ? 1 : 0,
      // Connections are not shared with other code, nor calls repeated here.
      'grpc.use_local_subchannel_pool': 1,
      'grpc.enable_retries': 0,
      'grpc.enable_channelz': 0,
      'grpc.service_config_disable_resolution': 1,
    };
    const pem = (text: string | undefined): Buffer | null => (text === undefined ? null : Buffer.from(text));
    const { authorities, own } = certificates;
    const credentials = secure
      ? grpc.credentials.createSsl(pem(authorities?.join('\n')), pem(own), pem(own))
      : grpc.credentials.createInsecure();
    return new grpc.Client(this.address, credentials, options);
  }
}

/** The same call, with the sizes of its messages added to `traffic`. */
function counting(call: Call, traffic: TrafficCount | undefined): Call {
  if (traffic === undefined) return call;
  return {
    ...call,
    requestSerialize(message) {
      const bytes = call.requestSerialize(message);
      traffic.sentBytes += bytes.length;
      return bytes;
    },
    responseDeserialize(bytes) {
      traffic.receivedBytes += bytes.length;
      return call.responseDeserialize(bytes);
    },
  };
}

/** Waits until the state of a connection is another. */
function changeOf(client: Client, state: number, limit: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    client.getChannel().watchConnectivityState(state, limit, (error) => {
      signal.removeEventListener('abort', onAbort);
      if (error === undefined) resolve();
      else reject(new ConnectError('the server did not answer in time'));
    });
  });
}
