import type { ServerUnaryCall, sendUnaryData, UntypedServiceImplementation } from '@grpc/grpc-js';
import { PaddleLabError } from '../../errors';
import type { GrpcLibrary } from '../../open-inference/grpc/library';
import {
  integerOf,
  type ProtocolCalls,
  type RegionMessage,
  type RepositoryModel,
} from '../../open-inference/grpc/messages';
import { isCount } from '../../open-inference/shared-memory';
import type { CallOptions, ModelService } from '../service/model-service';
import { wrongRequest } from '../service/refusals';
import { inferCall, offered } from '../shared-memory/infer-call';
import type { Region, SharedRegions } from '../shared-memory/regions';
import { statusOf } from './grpc-status';
import { inferMessage, readInferMessage } from './infer-message';

/** The parts of a call besides its message. */
interface CallContext extends Required<Pick<CallOptions, 'signal' | 'deadline'>> {
  /** Calls back when the response was sent or the client has disconnected. */
  readonly onEnd: (callback: () => void) => void;
}

type Handlers = {
  readonly [Name in keyof ProtocolCalls]: (
    message: ProtocolCalls[Name][0],
    context: CallContext,
  ) => ProtocolCalls[Name][1] | Promise<ProtocolCalls[Name][1]>;
};

/** What the calls are about. */
export interface ServedParts {
  readonly service: ModelService;
  /** Absent if this server takes no shared memory. */
  readonly regions: SharedRegions | undefined;
}

/** The calls of the protocol. */
function handlersOf({ service, regions }: ServedParts): Handlers {
  return {
    ServerLive: () => ({ live: true }),
    ServerReady: () => ({ ready: service.ready }),
    ModelReady: ({ name, version }) => ({ ready: service.modelReady(name, version) }),
    ServerMetadata: () => service.serverMetadata(),
    ModelMetadata: ({ name, version }) => service.modelMetadata(name, version),
    ModelInfer: async (message, options) => {
      const admission = service.admit();
      options.onEnd(() => admission.release());
      const { modelName, modelVersion, id } = message;
      const call = readInferMessage(message);
      const result = await inferCall({ service, regions }, modelName, modelVersion, call, { ...options, admission });
      return inferMessage(id, call, result);
    },
    RepositoryIndex: ({ ready }) => ({ models: service.index().filter(({ state }) => !ready || state === 'READY') }),
    RepositoryModelLoad: async (message) => {
      const modelName = nameIn(message);
      await service.load(modelName);
      return { modelName, isLoaded: true };
    },
    RepositoryModelUnload: async (message) => {
      const modelName = nameIn(message);
      await service.unload(modelName);
      return { modelName, isUnloaded: true };
    },
    SystemSharedMemoryStatus: ({ name }) => {
      const found = offered(regions).status(name === '' ? undefined : name);
      return { regions: Object.fromEntries(found.map((region) => [region.name, region])) };
    },
    SystemSharedMemoryRegister: (message) => {
      offered(regions).register(regionIn(message));
      return {};
    },
    SystemSharedMemoryUnregister: ({ name }) => {
      offered(regions).unregister(name === '' ? undefined : name);
      return {};
    },
  };
}

function regionIn(message: RegionMessage): Region {
  // Fields that were not sent are those of the prototype.
  const { name, key } = message;
  const [offset, byteSize] = [integerOf(message.offset), integerOf(message.byteSize)];
  if (!isCount(offset)) throw wrongRequest('an integer from 0 on for offset', String(offset));
  if (!isCount(byteSize)) throw wrongRequest('an integer from 0 on for byte_size', String(byteSize));
  return { name, key, offset, byteSize };
}

/** KServe's clients have the name in the field that Triton's have for the repository. */
function nameIn({ modelName, repositoryName }: RepositoryModel): string {
  const name = modelName === '' ? repositoryName : modelName;
  if (name === '') throw wrongRequest('the name of a model', 'none');
  return name;
}

/** A message, or why it is none: such calls get an answer too. */
export type Received = { readonly message: object } | { readonly problem: string };

export function protocolHandlers(
  library: GrpcLibrary,
  parts: ServedParts,
  failed: (name: string, error: unknown) => void,
): UntypedServiceImplementation {
  const entries = Object.entries(handlersOf(parts)) as [string, Handlers['ModelInfer']][];
  return Object.fromEntries(entries.map(([name, handler]) => [name, unary(library, name, handler, failed)]));
}

/** gRPC's own probe: of the server, or of the protocol's service. */
export function healthHandlers(library: GrpcLibrary, service: ModelService): UntypedServiceImplementation {
  const check = ({ service: asked }: { readonly service: string }): object => {
    if (asked !== '' && asked !== 'inference.GRPCInferenceService') {
      throw new PaddleLabError('MODEL_NOT_FOUND', 'This server answers for inference.GRPCInferenceService only');
    }
    return { status: service.ready ? 1 : 2 };
  };
  return { Check: unary(library, 'Check', check as never, () => undefined) };
}

function unary(
  library: GrpcLibrary,
  name: string,
  handler: Handlers['ModelInfer'],
  failed: (name: string, error: unknown) => void,
): (call: ServerUnaryCall<Received, object>, answer: sendUnaryData<object>) => void {
  return (call, answer) => {
    const gone = new AbortController();
    call.once('cancelled', () => gone.abort());
    const deadline = Number(call.getDeadline());
    const onEnd = (callback: () => void): void => {
      if (call.cancelled) callback();
      else call.once('cancelled', callback);
    };
    const work = async (): Promise<object> => {
      const received = call.request;
      if ('problem' in received) throw wrongRequest('a message of the protocol', received.problem);
      return handler(received.message as never, { signal: gone.signal, deadline, onEnd });
    };
    work().then(
      (message) => answer(null, message),
      (error: unknown) => {
        failed(name, error);
        answer(statusOf(library, error));
      },
    );
  };
}
