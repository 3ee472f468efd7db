import type { DataType } from '../data-type';
import { Damage, ProtobufReader } from './protobuf-reader';

/** A program variable stored in the parameter file. */
export interface ParameterSlot {
  readonly name: string;
  /** −1 for an open dimension. */
  readonly shape: readonly number[];
}

/** The structure of a program, enough to check its parameter file. */
export interface ProgramOutline {
  /** In the order of the parameter file. */
  readonly parameters: readonly ParameterSlot[];
  readonly operators: number;
  /** Number of operators of each type, over all blocks. */
  readonly operatorTypes: Readonly<Record<string, number>>;
  /** The inputs; the type is undefined if this library has no name for it. */
  readonly inputs: readonly OutlineInput[];
  /** The outputs, in the same form. */
  readonly outputs: readonly OutlineInput[];
}

export interface OutlineInput {
  readonly name: string;
  readonly dtype: DataType | 'string' | undefined;
  readonly shape: readonly number[];
}

/** Element types by the number in `VarType.Type`. */
const dtypeNames: Readonly<Record<number, DataType>> = {
  0: 'bool',
  2: 'int32',
  3: 'int64',
  4: 'float16',
  5: 'float32',
  6: 'float64',
  20: 'uint8',
  21: 'int8',
  22: 'bfloat16',
};

/** Kinds of variables, from `VarType.Type`. */
const denseTensor = 7;
const listOfStrings = 26;
const notSaved = [9 /* feed list */, 10 /* fetch list */, 17 /* raw */];
const lastKind = 40;
const attributeKinds = 18;

/** A variable of a block (`VarDesc`). */
export interface Variable {
  readonly name: string;
  readonly kind: number;
  readonly persistable: boolean;
  readonly tensor: TensorDesc;
}

/** Element type (a number of `VarType.Type`) and dimensions. */
export interface TensorDesc {
  dtype: number;
  readonly shape: number[];
}

interface Operator {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** The attribute `col` of feed and fetch operators. */
  readonly column: number;
}

interface Block {
  readonly parent: number;
  readonly variables: ReadonlyMap<string, Variable>;
  readonly operators: readonly Operator[];
}

/** The state of the single pass over the bytes. */
interface Walk {
  /** The largest block number in an attribute. */
  highestBlock: number;
}

/**
 * Checks a `ProgramDesc` (`.pdmodel`, `__model__`): wire format, required fields, and that operators only use existing
 * variables and blocks. Paddle follows such references without checks.
 *
 * @throws Damage
 */
export function checkProgramDesc(bytes: Buffer): ProgramOutline {
  const reader = new ProtobufReader(bytes);
  const walk: Walk = { highestBlock: 0 };
  const blocks: Block[] = [];
  while (reader.next()) {
    if (reader.field === 1) blocks.push(readBlock(reader.message(), blocks.length, walk));
    else reader.skip();
  }
  const main = blocks[0];
  if (main === undefined || main.operators.length === 0) throw new Damage('a program without operators');
  if (walk.highestBlock >= blocks.length) {
    throw new Damage(`a reference to block ${walk.highestBlock} of ${blocks.length}`);
  }
  if (!main.operators.some((operator) => operator.type === 'fetch')) throw new Damage('a program without outputs');
  for (const block of blocks) checkReferences(block, blocks);
  const operatorTypes: Record<string, number> = {};
  for (const { type } of blocks.flatMap(({ operators }) => operators)) {
    operatorTypes[type] = (operatorTypes[type] ?? 0) + 1;
  }
  return { parameters: parametersOf(main), operators: main.operators.length, operatorTypes, ...portsOf(main) };
}

function readBlock(reader: ProtobufReader, index: number, walk: Walk): Block {
  const variables = new Map<string, Variable>();
  const operators: Operator[] = [];
  let parent = -1;
  let ownIndex: number | undefined;
  while (reader.next()) {
    if (reader.field === 1) ownIndex = number(reader);
    else if (reader.field === 2) parent = number(reader);
    else if (reader.field === 3) {
      const variable = readVariable(reader.message());
      variables.set(variable.name, variable);
    } else if (reader.field === 4) operators.push(readOperator(reader.message(), walk));
    else reader.skip();
  }
  if (ownIndex !== index) throw new Damage(`block number ${ownIndex ?? 'none'} where ${index} belongs`);
  if (index > 0 && !(parent >= 0 && parent < index)) throw new Damage(`parent ${parent} of block ${index}`);
  return { parent: index === 0 ? -1 : parent, variables, operators };
}

export function readVariable(reader: ProtobufReader): Variable {
  let name: string | undefined;
  let kind = -1;
  let persistable = false;
  const tensor: TensorDesc = { dtype: -1, shape: [] };
  while (reader.next()) {
    if (reader.field === 1) name = reader.text();
    else if (reader.field === 2) kind = readType(reader.message(), tensor);
    else if (reader.field === 3) persistable = number(reader) !== 0;
    else reader.skip();
  }
  if (name === undefined || name === '') throw reader.damage('a variable without a name');
  if (kind < 0 || kind > lastKind) throw reader.damage(`variable ${name} of unknown kind ${kind}`);
  return { name, kind, persistable, tensor };
}

function readType(reader: ProtobufReader, tensor: TensorDesc): number {
  let kind = -1;
  while (reader.next()) {
    if (reader.field === 1) kind = number(reader);
    else if (reader.field === 3) readDenseTensor(reader.message(), tensor);
    else reader.skip();
  }
  return kind;
}

function readDenseTensor(reader: ProtobufReader, tensor: TensorDesc): void {
  while (reader.next()) {
    if (reader.field === 1) tensor.dtype = readTensorDesc(reader.message(), tensor.shape);
    else reader.skip();
  }
}

/** Returns the element type's number; appends the dimensions to `shape`. */
export function readTensorDesc(reader: ProtobufReader, shape: number[]): number {
  let dtype = -1;
  while (reader.next()) {
    if (reader.field === 1) dtype = number(reader);
    else if (reader.field === 2) reader.integers(shape);
    else reader.skip();
  }
  if (dtype < 0) throw reader.damage('a tensor without an element type');
  const odd = shape.find((extent) => extent < -1 || extent > Number.MAX_SAFE_INTEGER);
  if (odd !== undefined || shape.length > 9) throw reader.damage(`a tensor of shape [${shape}]`);
  return dtype;
}

function readOperator(reader: ProtobufReader, walk: Walk): Operator {
  let type: string | undefined;
  const inputs: string[] = [];
  const outputs: string[] = [];
  let column = 0;
  while (reader.next()) {
    if (reader.field === 1) readArguments(reader.message(), inputs);
    else if (reader.field === 2) readArguments(reader.message(), outputs);
    else if (reader.field === 3) type = reader.text();
    else if (reader.field === 4) column = readAttribute(reader.message(), walk) ?? column;
    else reader.skip();
  }
  if (type === undefined || !/^[\w.]+$/.test(type)) throw reader.damage(`an operator named ${JSON.stringify(type)}`);
  return { type, inputs, outputs, column };
}

function readArguments(reader: ProtobufReader, names: string[]): void {
  let slot = false;
  while (reader.next()) {
    if (reader.field === 1) slot = reader.textIs('') !== undefined;
    else if (reader.field === 2) names.push(reader.text());
    else reader.skip();
  }
  if (!slot) throw reader.damage('an operator argument without a name');
}

/** Checks an attribute; its value if it is `col`. */
function readAttribute(reader: ProtobufReader, walk: Walk): number | undefined {
  let isColumn: boolean | undefined;
  let kind = -1;
  let value: number | undefined;
  let blocks: number[] | undefined;
  while (reader.next()) {
    if (reader.field === 1) isColumn = reader.textIs('col');
    else if (reader.field === 2) kind = number(reader);
    else if (reader.field === 3) value = number(reader);
    else if (reader.field === 12 || reader.field === 14) {
      blocks ??= [];
      reader.integers(blocks);
    } else reader.skip();
  }
  if (isColumn === undefined) throw reader.damage('an attribute without a name');
  if (kind < 0 || kind >= attributeKinds) throw reader.damage(`an attribute of unknown kind ${kind}`);
  for (const block of blocks ?? []) {
    if (block < 0) throw reader.damage(`a reference to block ${block}`);
    walk.highestBlock = Math.max(walk.highestBlock, block);
  }
  return isColumn ? value : undefined;
}

function number(reader: ProtobufReader): number {
  reader.expectType(0);
  return reader.int64();
}

/** Every variable used by an operator must be declared in its block or in an enclosing one. */
function checkReferences(block: Block, blocks: readonly Block[]): void {
  for (const operator of block.operators) {
    for (const name of [...operator.inputs, ...operator.outputs]) {
      if (name === '@EMPTY@' || name === '' || isDeclared(name, block, blocks)) continue;
      throw new Damage(`operator ${operator.type} with a variable ${JSON.stringify(name)} that is not declared`);
    }
  }
}

function isDeclared(name: string, block: Block, blocks: readonly Block[]): boolean {
  for (let at: Block | undefined = block; at !== undefined; at = blocks[at.parent]) {
    if (at.variables.has(name)) return true;
  }
  return false;
}

function parametersOf({ variables }: Block): ParameterSlot[] {
  return [...variables.values()]
    .filter(({ persistable, kind }) => persistable && !notSaved.includes(kind))
    .map(({ name, kind, tensor }) => ({ name, shape: kind === denseTensor ? tensor.shape : [] }))
    .sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
}

/** Feed and fetch operators may be in any order; `col` is the index of the input or output. */
function portsOf(block: Block): { inputs: OutlineInput[]; outputs: OutlineInput[] } {
  const described = (type: string, nameOf: (operator: Operator) => string | undefined): OutlineInput[] =>
    block.operators
      .filter((operator) => operator.type === type)
      .sort((a, b) => a.column - b.column)
      .map((operator) => {
        const name = nameOf(operator) ?? '';
        const { kind, tensor } = block.variables.get(name) ?? {};
        const dtype = kind === listOfStrings ? 'string' : dtypeNames[tensor?.dtype ?? -1];
        return { name, dtype, shape: tensor?.shape ?? [] };
      });
  return {
    inputs: described('feed', ({ outputs }) => outputs[0]),
    outputs: described('fetch', ({ inputs }) => inputs[0]),
  };
}
