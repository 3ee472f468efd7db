import type { Metadata } from '@grpc/grpc-js';
import { PaddleLabError } from '../../../errors';
import type { ReceivedTensor } from '../../../open-inference/described-tensor';
import type { GrpcLibrary } from '../../../open-inference/grpc/library';
import { readMessageTensors } from '../../../open-inference/grpc/message-tensors';
import {
  type InferRequestMessage,
  integerOf,
  type ProtocolCalls,
  type TensorMetadata,
} from '../../../open-inference/grpc/messages';
import { messageParameters } from '../../../open-inference/grpc/parameters';
import { sliceParameters } from '../../../open-inference/shared-memory';
import { invalidArgument } from '../../../validate';
import { isThisMachine } from '../http-connection';
import { type ModelFacts, readModelFacts, readServerFacts, refusing, type ServerFacts } from '../metadata';
import {
  hasLogin,
  headersFor,
  type ModelServer,
  modelTitle,
  type RemoteRegion,
  type RemoteTarget,
  type TrafficCount,
} from '../model-server';
import { RemoteError } from '../remote-error';
import type { RunRequest } from '../request';
import { type ChannelSettings, GrpcChannel } from './grpc-channel';
import { grpcRefusal } from './grpc-refusal';

/** What Protocol Buffers allow in one message. */
const largestMessage = 2 ** 31 - 1;

/** One server that has the model, over gRPC. */
export class GrpcServer implements ModelServer {
  running = 0;
  restsUntil = 0;
  readonly url: string;
  readonly modelUrl: string;
  readonly traffic: TrafficCount = { sentBytes: 0, receivedBytes: 0 };
  private readonly channel: GrpcChannel;
  private readonly headers: Readonly<Record<string, string>>;
  private readonly metadata: Metadata;
  private facts: ServerFacts | undefined;

  constructor(
    url: string,
    private readonly target: RemoteTarget,
    library: GrpcLibrary,
    settings: Pick<ChannelSettings, 'connectMs' | 'certificates'>,
  ) {
    const parsed = new URL(url);
    const secure = parsed.protocol === 'grpcs:';
    const { hostname, host } = parsed;
    const { model, version, largestAnswer } = target;
    this.url = `${secure ? 'grpcs' : 'grpc'}://${host}`;
    const place = version === undefined ? [model] : [model, 'versions', version];
    this.modelUrl = `${this.url}/${place.map(encodeURIComponent).join('/')}`;
    const address = parsed.port === '' ? `${hostname}:${secure ? 443 : 80}` : host;
    const proxied = !isThisMachine(hostname);
    this.channel = new GrpcChannel(library, address, { ...settings, secure, largestAnswer, proxied });
    this.headers = headersFor(parsed, target);
    this.metadata = metadataOf(library, this.headers);
  }

  async describe(signal: AbortSignal): Promise<ServerFacts> {
    this.facts ??= readServerFacts(this.url, await this.call('ServerMetadata', {}, signal));
    return { ...this.facts, binary: true };
  }

  async describeModel(signal: AbortSignal): Promise<ModelFacts> {
    const { inputs, outputs } = await this.call('ModelMetadata', this.name(), signal);
    const plain = ({ name, datatype, shape }: TensorMetadata): object => {
      return { name, datatype, shape: shape.map(integerOf) };
    };
    return readModelFacts(this.modelUrl, { inputs: inputs.map(plain), outputs: outputs.map(plain) });
  }

  async checkReady(signal: AbortSignal): Promise<void> {
    const answer = await this.call('ModelReady', this.name(), signal).catch(async (error: unknown) => {
      await this.checkKnown(signal);
      throw error;
    });
    if (answer.ready) return;
    await this.checkKnown(signal);
    const text = 'the model is not ready: the server is loading it, or failed to; see its log';
    throw new RemoteError(this.modelUrl, text, { mayRepeat: true });
  }

  /** Of a model that they don't have, Triton says that it is not ready, and MLServer that it failed; neither describes it. */
  private async checkKnown(signal: AbortSignal): Promise<void> {
    await this.call('ModelMetadata', this.name(), signal).catch((error: unknown) => {
      if (error instanceof RemoteError && error.code === 'MODEL_NOT_FOUND') throw error;
    });
  }

  async infer(request: RunRequest, signal: AbortSignal): Promise<ReceivedTensor[]> {
    const { inputs, outputs, slices } = request;
    const tensors = slices === undefined ? request.tensors : [];
    const size = tensors.reduce((sum, { byteLength }) => sum + byteLength, 0);
    if (size > largestMessage) {
      const advice = 'send smaller batches, or ask the server over HTTP';
      throw new PaddleLabError('INVALID_ARGUMENT', `A message of gRPC has no room for ${size} bytes; ${advice}`);
    }
    const message: Partial<InferRequestMessage> = {
      modelName: this.target.model,
      ...(this.target.version === undefined ? {} : { modelVersion: this.target.version }),
      inputs: inputs.map(({ name, datatype, shape }, i) => {
        const slice = slices?.[i];
        const parameters = slice === undefined ? {} : { parameters: messageParameters(sliceParameters(slice)) };
        return { name, datatype, shape, ...parameters };
      }),
      outputs: outputs.map((name) => ({ name })),
      rawInputContents: tensors as readonly Buffer[],
    };
    const answer = await this.call('ModelInfer', message, signal);
    return readMessageTensors('outputs', answer.outputs, answer.rawOutputContents, refusing(this.modelUrl));
  }

  async registerRegion({ name, key, byteSize }: RemoteRegion, signal: AbortSignal): Promise<void> {
    await this.call('SystemSharedMemoryRegister', { name, key, offset: 0, byteSize }, signal);
  }

  async checkRegion(name: string, signal: AbortSignal): Promise<void> {
    await this.call('SystemSharedMemoryStatus', { name }, signal);
  }

  async unregisterRegion(name: string, signal: AbortSignal): Promise<void> {
    await this.call('SystemSharedMemoryUnregister', { name }, signal);
  }

  close(): void {
    this.channel.close();
  }

  private name(): ProtocolCalls['ModelReady'][0] {
    return { name: this.target.model, version: this.target.version ?? '' };
  }

  private async call<Name extends keyof ProtocolCalls>(
    name: Name,
    message: Partial<ProtocolCalls[Name][0]>,
    signal: AbortSignal,
  ): Promise<ProtocolCalls[Name][1]> {
    try {
      const traffic = name === 'ModelInfer' ? this.traffic : undefined;
      return await this.channel.call(name, message, this.metadata, signal, traffic);
    } catch (error) {
      if (signal.aborted) throw error;
      const { target } = this;
      const called = {
        model: modelTitle(target),
        hasLogin: hasLogin(this.headers),
        largestAnswer: target.largestAnswer,
        isRun: name === 'ModelInfer',
        isRegion: name.startsWith('SystemSharedMemory'),
      };
      throw grpcRefusal(name === 'ServerMetadata' ? this.url : this.modelUrl, error, called);
    }
  }
}

function metadataOf({ grpc }: GrpcLibrary, headers: Readonly<Record<string, string>>): Metadata {
  const metadata = new grpc.Metadata();
  for (const [name, value] of Object.entries(headers)) {
    // The value is not shown: it may be a secret.
    if (/^grpc-|-bin$|[^\w.-]/i.test(name) || !/^[ -~]*$/.test(value)) {
      throw invalidArgument(`backend.headers.${name}`, 'name and value in ASCII, which gRPC can carry', undefined);
    }
    metadata.set(name, value);
  }
  return metadata;
}
