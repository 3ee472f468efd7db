import grpc, {
  type ServerCredentials,
  type ServerUnaryCall,
  type ServiceError,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { loadGrpc } from '../../../src/open-inference/grpc/library';
import type { InferRequestMessage, InferResponseMessage } from '../../../src/open-inference/grpc/messages';
import type { ServedModel, ServedPort } from './protocol-server';

/** A call that was seen. */
export interface SeenCall {
  readonly name: string;
  readonly message: unknown;
  readonly metadata: grpc.Metadata;
  /** Whether the client gave it up. */
  readonly call: ServerUnaryCall<unknown, unknown>;
}

/** Answers a call instead of the server; `false` leaves it to the server. */
export type InsteadCall = (seen: SeenCall, answer: sendUnaryData<object>) => boolean | undefined;

/** The Open Inference Protocol v2 over gRPC, with faults that a test chooses. */
export class GrpcProtocolServer {
  readonly seen: SeenCall[] = [];
  /** Once for each run, in order. */
  readonly instead: InsteadCall[] = [];
  /** For all calls. */
  always: InsteadCall | undefined;
  /** Whether outputs are typed contents. */
  typed: ((response: InferResponseMessage) => object) | undefined;
  port = 0;
  private server: grpc.Server | undefined;

  constructor(
    private readonly model: ServedModel,
    private readonly credentials?: ServerCredentials,
  ) {}

  get url(): string {
    return `${this.credentials === undefined ? 'grpc' : 'grpcs'}://127.0.0.1:${this.port}`;
  }

  get runs(): number {
    return this.seen.filter(({ name }) => name === 'ModelInfer').length;
  }

  async start(options: grpc.ServerOptions = {}): Promise<this> {
    const server = new grpc.Server({ 'grpc.max_receive_message_length': -1, ...options });
    const inference = Object.fromEntries(
      Object.entries(loadGrpc().inference).map(([name, call]) => {
        // Bytes of a test are sent as they are.
        const responseSerialize = (message: object): Buffer =>
          Buffer.isBuffer(message) ? message : call.responseSerialize(message);
        return [name, { ...call, responseSerialize }];
      }),
    );
    const handlers = Object.keys(inference).map((name) => {
      const handle = (call: ServerUnaryCall<unknown, unknown>, answer: sendUnaryData<object>): void => {
        const seen = { name, message: call.request, metadata: call.metadata, call };
        this.seen.push(seen);
        if (this.always?.(seen, answer)) return;
        if (name === 'ModelInfer' && this.instead.shift()?.(seen, answer)) return;
        this.answer(name, call.request).then(
          (message) => answer(null, message),
          (error: unknown) => answer(isStatus(error) ? error : status(grpc.status.INVALID_ARGUMENT, String(error))),
        );
      };
      return [name, handle];
    });
    server.addService(inference, Object.fromEntries(handlers));
    const credentials = this.credentials ?? grpc.ServerCredentials.createInsecure();
    this.port = await new Promise<number>((resolve, reject) => {
      const bound = (error: Error | null, port: number): void => (error === null ? resolve(port) : reject(error));
      server.bindAsync(`127.0.0.1:${this.port}`, credentials, bound);
    });
    this.server = server;
    return this;
  }

  /** Cuts all connections; the port stays that of the server, for a restart. */
  async stop(): Promise<void> {
    this.server?.forceShutdown();
    this.server = undefined;
  }

  private async answer(name: string, message: unknown): Promise<object> {
    const { model } = this;
    const asked = message as { name?: string; modelName?: string };
    const wanted = name === 'ModelInfer' ? asked.modelName : asked.name;
    if (wanted !== undefined && wanted !== model.name) throw status(grpc.status.NOT_FOUND, `unknown model ${wanted}`);
    if (name === 'ServerMetadata') return { name: 'test server', version: '1', extensions: [] };
    if (name === 'ModelReady') return { ready: true };
    if (name === 'ModelMetadata') return { name: model.name, versions: ['1'], platform: 'test', ...portsOf(model) };
    if (name !== 'ModelInfer') throw status(grpc.status.UNIMPLEMENTED, name);
    const { inputs, rawInputContents, outputs: asks } = message as InferRequestMessage;
    if (inputs.length !== rawInputContents.length) throw new Error('raw contents only');
    const ran = await model.run(
      inputs.map(({ name: input, datatype, shape }, i) => {
        return { name: input, datatype, shape: shape.map(Number), bytes: rawInputContents[i]! };
      }),
    );
    // The order of outputs is the server's to choose.
    const outputs = [...ran].reverse().filter((one) => asks.length === 0 || asks.some((ask) => ask.name === one.name));
    const response = {
      modelName: model.name,
      outputs: outputs.map(({ name: output, datatype, shape }) => ({ name: output, datatype, shape })),
      rawOutputContents: outputs.map(({ bytes }) => bytes),
    };
    return this.typed?.(response as unknown as InferResponseMessage) ?? response;
  }
}

function portsOf({ inputs, outputs }: ServedModel): Pick<ServedModel, 'inputs' | 'outputs'> {
  const copy = ({ name, datatype, shape }: ServedPort): ServedPort => ({ name, datatype, shape });
  return { inputs: inputs.map(copy), outputs: outputs.map(copy) };
}

function isStatus(error: unknown): error is ServiceError {
  return typeof (error as ServiceError).code === 'number';
}

/** The refusal of a call. */
export function status(code: grpc.status, details = '', metadata = new grpc.Metadata()): ServiceError {
  return Object.assign(new Error(details), { code, details, metadata });
}
