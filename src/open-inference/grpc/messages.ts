// The messages of `protocol-source.ts` as protobufjs gives them: absent fields have the default of their type.

/** An integer of 64 bits: `Long` of protobufjs, or a number. */
export type Integer = number | { readonly low: number; readonly high: number; readonly unsigned: boolean };

export interface ServerMetadata {
  readonly name: string;
  readonly version: string;
  readonly extensions: readonly string[];
}

export interface ModelName {
  readonly name: string;
  readonly version: string;
}

export interface TensorMetadata {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly Integer[];
}

export interface ModelMetadata {
  readonly name: string;
  readonly versions: readonly string[];
  readonly platform: string;
  readonly inputs: readonly TensorMetadata[];
  readonly outputs: readonly TensorMetadata[];
}

export interface TypedContents {
  readonly boolContents: readonly boolean[];
  readonly intContents: readonly number[];
  readonly int64Contents: readonly Integer[];
  readonly uintContents: readonly number[];
  readonly uint64Contents: readonly Integer[];
  readonly fp32Contents: readonly number[];
  readonly fp64Contents: readonly number[];
  readonly bytesContents: readonly Buffer[];
}

/** Parameters of a message: each has one of its fields. */
export type MessageParameters = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface InferTensor extends TensorMetadata {
  /** Absent beside raw contents. */
  readonly contents?: TypedContents | null;
  readonly parameters?: MessageParameters;
}

export interface RequestedOutput {
  readonly name: string;
  readonly parameters?: MessageParameters;
}

export interface InferRequestMessage {
  readonly modelName: string;
  readonly modelVersion: string;
  readonly id: string;
  readonly inputs: readonly InferTensor[];
  readonly outputs: readonly RequestedOutput[];
  readonly rawInputContents: readonly Buffer[];
}

export interface InferResponseMessage {
  readonly modelName: string;
  readonly modelVersion: string;
  readonly id: string;
  readonly outputs: readonly InferTensor[];
  readonly rawOutputContents: readonly Buffer[];
}

/** One entry per call: request and answer. */
export interface ProtocolCalls {
  readonly ServerLive: readonly [object, { readonly live: boolean }];
  readonly ServerReady: readonly [object, { readonly ready: boolean }];
  readonly ModelReady: readonly [ModelName, { readonly ready: boolean }];
  readonly ServerMetadata: readonly [object, ServerMetadata];
  readonly ModelMetadata: readonly [ModelName, ModelMetadata];
  readonly ModelInfer: readonly [InferRequestMessage, InferResponseMessage];
  readonly RepositoryIndex: readonly [{ readonly ready: boolean }, { readonly models: readonly ModelIndex[] }];
  readonly RepositoryModelLoad: readonly [RepositoryModel, object];
  readonly RepositoryModelUnload: readonly [RepositoryModel, object];
  readonly SystemSharedMemoryStatus: readonly [
    RegionName,
    { readonly regions: Readonly<Record<string, RegionMessage>> },
  ];
  readonly SystemSharedMemoryRegister: readonly [RegionMessage, object];
  readonly SystemSharedMemoryUnregister: readonly [RegionName, object];
}

/** Empty: all regions. */
export interface RegionName {
  readonly name: string;
}

export interface RegionMessage {
  readonly name: string;
  readonly key: string;
  readonly offset: Integer;
  readonly byteSize: Integer;
}

export interface ModelIndex {
  readonly name: string;
  readonly version: string;
  readonly state: string;
  readonly reason: string;
}

export interface RepositoryModel {
  readonly repositoryName: string;
  readonly modelName: string;
}

/** A number, or digits if a number can't hold the integer. */
export function integerOf(value: Integer): number | string {
  if (typeof value === 'number') return value;
  const { low, high, unsigned } = value;
  const whole = (BigInt(unsigned ? high >>> 0 : high) << 32n) | BigInt(low >>> 0);
  const number = Number(whole);
  return Number.isSafeInteger(number) ? number : String(whole);
}
