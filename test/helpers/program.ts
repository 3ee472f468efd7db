import type { DataType } from '../../src';

/** Element type numbers in programs; `strings` is an input of texts. */
const dtypeCodes: Readonly<Record<DataType | 'int16', number>> = {
  bool: 0,
  int16: 1,
  int32: 2,
  int64: 3,
  float16: 4,
  float32: 5,
  float64: 6,
  uint8: 20,
  int8: 21,
  bfloat16: 22,
};

const denseTensor = 7;
const feedList = 9;
const fetchList = 10;
const strings = 26;

export interface VariableSpec {
  readonly dtype: DataType | 'int16' | 'strings';
  readonly shape: readonly number[];
  readonly lodLevel?: number;
  /** Makes the variable a parameter; float32. */
  readonly values?: readonly number[];
}

export interface OperatorSpec {
  readonly type: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly attributes?: Readonly<Record<string, AttributeSpec>>;
}

/** Whole numbers are int attributes, others float; a list has whole numbers. */
export type AttributeSpec = number | boolean | string | readonly number[];

export interface ProgramSpec {
  readonly variables: Readonly<Record<string, VariableSpec>>;
  readonly feeds: readonly string[];
  readonly fetches: readonly string[];
  readonly operators: readonly OperatorSpec[];
}

/** A hand-made tiny model in Paddle's old format: its program and its parameters by name. */
export function makeProgram(spec: ProgramSpec): { program: Buffer; params: ReadonlyMap<string, Buffer> } {
  const list = (kind: number): Buffer => integer(1, kind);
  const variables = [
    variable('feed', list(feedList), true),
    variable('fetch', list(fetchList), true),
    ...Object.entries(spec.variables).map(([name, it]) => variable(name, typeOf(it), it.values !== undefined)),
  ];
  const operators = [
    ...spec.feeds.map((name, col) => operator('feed', { X: 'feed' }, { Out: name }, { col })),
    ...spec.operators.map((it) => operator(it.type, it.inputs, it.outputs, it.attributes ?? {})),
    ...spec.fetches.map((name, col) => operator('fetch', { X: name }, { Out: 'fetch' }, { col })),
  ];
  const block = [
    integer(1, 0),
    integer(2, -1),
    ...variables.map((it) => bytes(3, it)),
    ...operators.map((it) => bytes(4, it)),
  ];
  const program = Buffer.concat([bytes(1, Buffer.concat(block)), bytes(4, integer(1, 0))]);
  const params = Object.entries(spec.variables)
    .filter(([, { values }]) => values !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, it]) => [name, parameter(it)] as const);
  return { program, params: new Map(params) };
}

/**
 * The common case: one operator computes `y` from `x`; a dummy parameter keeps the parameter file from being empty.
 */
export function identityProgram(
  dtype: VariableSpec['dtype'],
  shape: readonly number[],
  operatorType = 'assign',
): { program: Buffer; params: Buffer } {
  const { program, params } = makeProgram({
    variables: {
      x: { dtype, shape, lodLevel: 1 },
      y: { dtype, shape, lodLevel: 1 },
      w: { dtype: 'float32', shape: [1], values: [1] },
      v: { dtype: 'float32', shape: [1] },
    },
    feeds: ['x'],
    fetches: ['y', 'v'],
    operators: [
      { type: operatorType, inputs: { X: 'x' }, outputs: { Out: 'y' } },
      { type: 'assign', inputs: { X: 'w' }, outputs: { Out: 'v' } },
    ],
  });
  return { program, params: Buffer.concat([...params.values()]) };
}

function typeOf({ dtype, shape, lodLevel = 0 }: VariableSpec): Buffer {
  if (dtype === 'strings') return integer(1, strings);
  const tensor = bytes(1, tensorDesc(dtypeCodes[dtype], shape));
  return Buffer.concat([integer(1, denseTensor), bytes(3, Buffer.concat([tensor, integer(2, lodLevel)]))]);
}

function tensorDesc(dtype: number, shape: readonly number[]): Buffer {
  return Buffer.concat([integer(1, dtype), ...shape.map((extent) => integer(2, extent))]);
}

function parameter({ shape, values = [] }: VariableSpec): Buffer {
  const description = tensorDesc(dtypeCodes.float32, shape);
  const header = Buffer.alloc(20);
  header.writeInt32LE(description.length, 16);
  return Buffer.concat([header, description, Buffer.from(Float32Array.from(values).buffer)]);
}

function variable(name: string, type: Buffer, persistable: boolean): Buffer {
  return Buffer.concat([text(1, name), bytes(2, type), integer(3, persistable ? 1 : 0)]);
}

function operator(
  type: string,
  inputs: Readonly<Record<string, string>>,
  outputs: Readonly<Record<string, string>>,
  attributes: Readonly<Record<string, AttributeSpec>>,
): Buffer {
  const slots = (field: number, all: Readonly<Record<string, string>>): Buffer[] =>
    Object.entries(all).map(([slot, name]) => bytes(field, Buffer.concat([text(1, slot), text(2, name)])));
  const list = Object.entries(attributes).map(([name, value]) => bytes(4, attribute(name, value)));
  return Buffer.concat([...slots(1, inputs), ...slots(2, outputs), text(3, type), ...list]);
}

function attribute(name: string, value: AttributeSpec): Buffer {
  if (typeof value === 'string') return Buffer.concat([text(1, name), integer(2, 2), text(5, value)]);
  if (typeof value === 'object') {
    return Buffer.concat([text(1, name), integer(2, 3), ...value.map((item) => integer(6, item))]);
  }
  if (typeof value === 'boolean') return Buffer.concat([text(1, name), integer(2, 6), integer(10, value ? 1 : 0)]);
  if (Number.isInteger(value)) return Buffer.concat([text(1, name), integer(2, 0), integer(3, value)]);
  const float = Buffer.alloc(5);
  float[0] = (4 << 3) | 5;
  float.writeFloatLE(value, 1);
  return Buffer.concat([text(1, name), integer(2, 1), float]);
}

function integer(field: number, value: number): Buffer {
  return Buffer.concat([varint(BigInt(field << 3)), varint(BigInt.asUintN(64, BigInt(value)))]);
}

function text(field: number, value: string): Buffer {
  return bytes(field, Buffer.from(value));
}

function bytes(field: number, value: Buffer): Buffer {
  return Buffer.concat([varint(BigInt((field << 3) | 2)), varint(BigInt(value.length)), value]);
}

function varint(value: bigint): Buffer {
  const out: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    out.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
    if (rest <= 127n) return Buffer.from(out);
  }
}
