import { createRequire } from 'node:module';
import path from 'node:path';
import type * as Grpc from '@grpc/grpc-js';
import type * as Protobuf from 'protobufjs';
import { PaddleLabError } from '../../errors';
import { healthSource, protocolSource } from './protocol-source';

const packageNames = ['@grpc/grpc-js', 'protobufjs'];

/** gRPC's library, and the services with the encodings of their messages. */
export interface GrpcLibrary {
  readonly grpc: typeof Grpc;
  readonly inference: Grpc.ServiceDefinition;
  readonly health: Grpc.ServiceDefinition;
}

let loaded: GrpcLibrary | undefined;

/**
 * Loads gRPC, which is not installed with this package: from the project of the current folder, or from beside this
 * package.
 *
 * @param places files beside whose `node_modules` it is looked for
 * @throws PaddleLabError TOOL_FAILED if it is not installed
 */
export function loadGrpc(places: readonly string[] = [path.join(process.cwd(), 'any.js'), __filename]): GrpcLibrary {
  const [grpcFile, protobufFile] = packageNames.map((name) => find(name, places));
  if (grpcFile === undefined || protobufFile === undefined) {
    const names = packageNames.filter((_, i) => [grpcFile, protobufFile][i] === undefined).join(' and ');
    throw new PaddleLabError(
      'TOOL_FAILED',
      `Expected ${names} for gRPC but nothing of this name is installed: npm install ${packageNames.join(' ')}`,
    );
  }
  loaded ??= {
    grpc: require(grpcFile) as typeof Grpc,
    inference: serviceOf(require(protobufFile), protocolSource, 'inference.GRPCInferenceService'),
    health: serviceOf(require(protobufFile), healthSource, 'grpc.health.v1.Health'),
  };
  return loaded;
}

function find(name: string, places: readonly string[]): string | undefined {
  for (const place of places) {
    try {
      return createRequire(place).resolve(name);
    } catch {}
  }
  return undefined;
}

function serviceOf({ parse }: typeof Protobuf, source: string, name: string): Grpc.ServiceDefinition {
  const { root } = parse(source);
  root.resolveAll();
  const calls = root.lookupService(name).methodsArray.map((method): [string, Grpc.MethodDefinition<object, object>] => {
    const [request, response] = [codecOf(method.resolvedRequestType!), codecOf(method.resolvedResponseType!)];
    return [
      method.name,
      {
        path: `/${name}/${method.name}`,
        requestStream: method.requestStream === true,
        responseStream: method.responseStream === true,
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

function codecOf(type: Protobuf.Type): Codec {
  return {
    // In Node protobufjs writes into buffers; fields of bytes that are read are views of the message.
    encode: (message) => type.encode(message).finish() as Buffer,
    decode: (bytes) => type.decode(bytes),
  };
}
