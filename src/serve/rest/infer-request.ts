import { PaddleLabError } from '../../errors';
import { objectIn, readDescribed, shownJson, sizeBehind } from '../../open-inference/described-tensor';
import { parseExactly } from '../../open-inference/json-elements';
import { type RegionSlice, readSlice } from '../../open-inference/shared-memory';
import { wrongRequest } from '../service/refusals';
import type { ArrivedCall, ArrivedInput } from '../shared-memory/infer-call';

/** A request for a run, with what only HTTP has. */
export interface RestCall extends ArrivedCall {
  readonly id: string | undefined;
  /** Whether an output is wanted as bytes. */
  readonly asBytes: (output: string) => boolean;
}

/** The largest JSON object, with tensors or before their bytes: it is parsed at one go. */
const largestJson = 64 * 2 ** 20;
/** Networks have few inputs and outputs. */
const mostTensors = 1000;

/**
 * The length of the JSON object before the bytes of tensors; undefined if everything is JSON.
 *
 * @throws PaddleLabError INVALID_ARGUMENT
 */
export function readHeadLength(text: string | readonly string[] | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (typeof text === 'string' && /^\d{1,15}$/.test(text)) return Number(text);
  throw wrongRequest('a number of bytes for Inference-Header-Content-Length', shownJson(text));
}

/** @throws PaddleLabError INVALID_ARGUMENT, TOO_LARGE */
export function readInferRequest(body: Buffer, headLength: number | undefined): RestCall {
  const length = headLength ?? body.length;
  if (length > body.length) {
    throw wrongRequest(`${length} bytes of JSON, as Inference-Header-Content-Length says,`, `${body.length}`);
  }
  const document = parse(body.subarray(0, length));
  const { id, inputs, outputs, parameters } = objectIn('the request', document, wrongRequest);
  if (id !== undefined && typeof id !== 'string') throw wrongRequest('a string for id', shownJson(id));
  const described = listOf('inputs', inputs).map(readInput);
  const wanted = outputs === undefined ? undefined : listOf('outputs', outputs).map(readWanted);
  const all = flagOf('binary_data_output', parameters) ?? false;
  const own = new Map(wanted?.map(({ name, binary }) => [name, binary]));
  return {
    id,
    inputs: withBytes(described, body.subarray(length)),
    outputs: wanted?.map(({ name }) => name),
    slices: new Map(wanted?.flatMap(({ name, slice }) => (slice === undefined ? [] : [[name, slice]]))),
    asBytes: (name) => own.get(name) ?? all,
  };
}

function parse(bytes: Buffer): unknown {
  if (bytes.length > largestJson) {
    throw new PaddleLabError(
      'TOO_LARGE',
      `Expected at most ${largestJson} bytes of JSON but received ${bytes.length}; send tensors as bytes (the binary tensor data extension)`,
    );
  }
  const text = bytes.toString('utf8');
  try {
    return parseExactly(text);
  } catch {
    throw wrongRequest('JSON', text === '' ? 'no body' : JSON.stringify(text.slice(0, 80)));
  }
}

function listOf(name: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw wrongRequest(`an array for ${name}`, shownJson(value));
  if (value.length <= mostTensors) return value;
  throw wrongRequest(`at most ${mostTensors} ${name}`, String(value.length));
}

interface WantedOutput {
  readonly name: string;
  readonly binary: boolean | undefined;
  readonly slice: RegionSlice | undefined;
}

function readWanted(value: unknown, i: number): WantedOutput {
  const { name, parameters } = objectIn(`outputs[${i}]`, value, wrongRequest);
  if (typeof name !== 'string') throw wrongRequest(`a name for outputs[${i}]`, shownJson(name));
  const classes = (parameters as { classification?: unknown } | null | undefined)?.classification;
  if (classes !== undefined && classes !== 0)
    throw wrongRequest(`no classification for outputs[${i}]`, shownJson(classes));
  return {
    name,
    binary: flagOf('binary_data', parameters),
    slice: sliceOf(`output "${name.slice(0, 100)}"`, parameters),
  };
}

function readInput(value: unknown, i: number): Omit<ArrivedInput, 'bytes'> {
  const place = `inputs[${i}]`;
  const tensor = objectIn(place, value, wrongRequest);
  const slice = sliceOf(place, tensor.parameters);
  if (slice === undefined) return readDescribed(place, tensor, wrongRequest);
  const { data, parameters } = tensor as { data?: unknown; parameters?: { binary_data_size?: unknown } };
  if (data !== undefined || parameters?.binary_data_size !== undefined) {
    throw wrongRequest(`either a region or elements for ${place}`, 'both');
  }
  return { ...readDescribed(place, { ...tensor, parameters: { binary_data_size: slice.size } }, wrongRequest), slice };
}

function sliceOf(what: string, parameters: unknown): RegionSlice | undefined {
  if (typeof parameters !== 'object' || parameters === null) return undefined;
  return readSlice(what, parameters as Readonly<Record<string, unknown>>, wrongRequest);
}

/** A parameter that is true or false; other parameters belong to other servers and are left alone. */
function flagOf(name: string, parameters: unknown): boolean | undefined {
  if (parameters === undefined || parameters === null) return undefined;
  const value = objectIn('parameters', parameters, wrongRequest)[name];
  if (value === undefined || typeof value === 'boolean') return value;
  throw wrongRequest(`true or false for ${name}`, shownJson(value));
}

/** Gives each input its bytes, which come in the order of the inputs. */
function withBytes(described: readonly Omit<ArrivedInput, 'bytes'>[], bytes: Buffer): ArrivedInput[] {
  const behind = (one: Omit<ArrivedInput, 'bytes'>): number => (one.slice === undefined ? sizeBehind([one]) : 0);
  const size = described.reduce((sum, one) => sum + behind(one), 0);
  if (size !== bytes.length) {
    throw wrongRequest(`${size} bytes behind the JSON object, as its binary_data_size say,`, String(bytes.length));
  }
  let at = 0;
  return described.map((tensor) => {
    const start = at;
    at += behind(tensor);
    return { ...tensor, bytes: bytes.subarray(start, at) };
  });
}
