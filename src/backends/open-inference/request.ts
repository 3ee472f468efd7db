import { type RegionSlice, sliceParameters } from '../../open-inference/shared-memory';
import type { EncodedInput } from './encode';

/** A request over HTTP, as it is sent. */
export interface HttpRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: readonly Uint8Array[];
}

/** A request to run a model. Its forms are made once; a repetition may go to a server that takes another one. */
export class RunRequest {
  private readonly made: { tensors?: readonly Uint8Array[]; binary?: HttpRequest; json?: HttpRequest } = {};

  constructor(
    readonly inputs: readonly EncodedInput[],
    /** The server's names; none: all outputs. */
    readonly outputs: readonly string[],
    /** Where each input is in shared memory; absent: in the request. */
    readonly slices?: readonly RegionSlice[],
  ) {}

  /** The inputs as bytes. */
  get tensors(): readonly Uint8Array[] {
    this.made.tensors ??= this.inputs.map(({ bytes }) => bytes());
    return this.made.tensors;
  }

  get binary(): HttpRequest {
    this.made.binary ??= this.slices === undefined ? binaryRequest(this) : sharedRequest(this, this.slices, true);
    return this.made.binary;
  }

  /** @throws PaddleLabError INVALID_ARGUMENT if JSON can't carry an input */
  get json(): HttpRequest {
    this.made.json ??= this.slices === undefined ? jsonRequest(this) : sharedRequest(this, this.slices, false);
    return this.made.json;
  }
}

/** The tensors as bytes behind a JSON object that describes them. */
function binaryRequest({ inputs, outputs, tensors }: RunRequest): HttpRequest {
  // Small ones first: what comes behind a large one is sent only when that is gone.
  const parts = inputs
    .map(({ name, datatype, shape }, i) => ({ name, datatype, shape, bytes: tensors[i]! }))
    .sort((a, b) => a.bytes.byteLength - b.bytes.byteLength);
  const described = parts.map(({ bytes, ...input }) => {
    return { ...input, parameters: { binary_data_size: bytes.byteLength } };
  });
  const head = Buffer.from(JSON.stringify({ inputs: described, ...wantedOutputs(outputs, true) }), 'utf8');
  return {
    headers: {
      'content-type': 'application/octet-stream',
      'inference-header-content-length': String(head.length),
    },
    body: [head, ...parts.map(({ bytes }) => bytes)],
  };
}

/** The inputs in shared memory, the outputs in the answer: they are small. */
function sharedRequest({ inputs, outputs }: RunRequest, slices: readonly RegionSlice[], binary: boolean): HttpRequest {
  const described = inputs.map(({ name, datatype, shape }, i) => {
    return { name, datatype, shape, parameters: sliceParameters(slices[i]!) };
  });
  const text = JSON.stringify({ inputs: described, ...wantedOutputs(outputs, binary) });
  return { headers: { 'content-type': 'application/json' }, body: [Buffer.from(text, 'utf8')] };
}

function wantedOutputs(outputs: readonly string[], binary: boolean): object {
  if (outputs.length === 0) return binary ? { parameters: { binary_data_output: true } } : {};
  return { outputs: outputs.map((name) => (binary ? { name, parameters: { binary_data: true } } : { name })) };
}

/** All in JSON. */
function jsonRequest({ inputs, outputs }: RunRequest): HttpRequest {
  const described = inputs.map(({ name, datatype, shape, json }) => {
    const head = JSON.stringify({ name, datatype, shape });
    return `${head.slice(0, -1)},"data":${json()}}`;
  });
  const wanted = outputs.length === 0 ? '' : `,"outputs":${JSON.stringify(outputs.map((name) => ({ name })))}`;
  const text = `{"inputs":[${described.join(',')}]${wanted}}`;
  return { headers: { 'content-type': 'application/json' }, body: [Buffer.from(text, 'utf8')] };
}
