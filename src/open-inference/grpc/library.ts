import type * as Grpc from '@grpc/grpc-js';
import type * as Protobuf from 'protobufjs';
import { PaddleLabError } from '../../errors';
import { findOptional } from '../../optional-package';
import { checkMessageSize, largestAnswer, largestRequest } from './message-size';
import { healthSource, protocolSource } from './protocol-source';

const packageNames = ['@grpc/grpc-js', 'protobufjs'] as const;

/** gRPC's library, and the services with the encodings of their messages. */
export interface GrpcLibrary {
  readonly grpc: typeof Grpc;
  readonly inference: Grpc.ServiceDefinition;
  readonly health: Grpc.ServiceDefinition;
}

let loaded: GrpcLibrary | undefined;

/**
 * Loads gRPC, which is not installed with this package.
 *
 * @param bases as of `findOptional`
 * @throws PaddleLabError TOOL_FAILED if it is not installed
 */
export function loadGrpc(bases?: readonly string[]): GrpcLibrary {
  const grpc = findOptional<typeof Grpc>(packageNames[0], bases);
  const protobuf = findOptional<typeof Protobuf>(packageNames[1], bases);
  if (grpc === undefined || protobuf === undefined) {
    const missing = packageNames.filter((_, i) => [grpc, protobuf][i] === undefined).join(' and ');
    const install = `npm install ${packageNames.join(' ')}`;
    throw new PaddleLabError('TOOL_FAILED', `Expected ${missing} for gRPC but it is not installed: ${install}`);
  }
  loaded ??= {
    grpc,
    inference: serviceOf(protobuf, protocolSource, 'inference.GRPCInferenceService'),
    health: serviceOf(protobuf, healthSource, 'grpc.health.v1.Health'),
  };
  return loaded;
}

function serviceOf(protobuf: typeof Protobuf, source: string, name: string): Grpc.ServiceDefinition {
  const { root } = protobuf.parse(source);
  root.resolveAll();
  const calls = root.lookupService(name).methodsArray.map((method): [string, Grpc.MethodDefinition<object, object>] => {
    const request = codecOf(protobuf, method.resolvedRequestType!, largestRequest);
    const response = codecOf(protobuf, method.resolvedResponseType!, largestAnswer);
    return [
      method.name,
      {
        path: `/${name}/${method.name}`,
        requestStream: false,
        responseStream: false,
        requestSerialize: request.encode,
        requestDeserialize: request.decode,
        responseSerialize: response.encode,
        responseDeserialize: response.decode,
      },
    ];
  });
  return Object.fromEntries(calls);
}

interface Codec {
  readonly encode: (message: object) => Buffer;
  readonly decode: (bytes: Buffer) => object;
}

function codecOf({ Reader }: typeof Protobuf, type: Protobuf.Type, largest: number): Codec {
  return {
    // In Node protobufjs writes into buffers; fields of bytes that are read are views of the message.
    encode: (message) => type.encode(message).finish() as Buffer,
    decode: (bytes) => {
      checkMessageSize(Reader.create(bytes), type, largest);
      return type.decode(bytes);
    },
  };
}
