import { messageOf } from '../../errors';
import type { DataType } from '../data-type';
import type { OutlineInput, ParameterSlot, ProgramOutline } from './program-desc';
import { Damage } from './protobuf-reader';

type JsonObject = Readonly<Record<string, unknown>>;

/** Deeper nesting does not occur in programs, and would overflow the stack. */
const deepestRegion = 64;

interface Walk {
  readonly parameters: ParameterSlot[];
  readonly inputs: OutlineInput[];
  readonly outputs: (OutlineInput & { readonly column: number })[];
  operators: number;
  readonly operatorTypes: Record<string, number>;
}

/**
 * Checks a Paddle 3 program (`.json`): its format, the parts of its operators that Paddle reads without checks, and
 * that each operand is defined before its use.
 *
 * @throws Damage
 */
export function checkPirProgram(text: string): ProgramOutline {
  let root: JsonObject;
  try {
    root = object(JSON.parse(text), 'program file');
  } catch (error) {
    throw error instanceof Damage ? error : new Damage(`invalid JSON (${messageOf(error)})`);
  }
  const code = object(root.base_code, 'base_code');
  if (code.magic !== 'pir') throw new Damage(`magic ${JSON.stringify(code.magic)} where "pir" belongs`);
  if (!Number.isSafeInteger(code.version)) throw new Damage(`version ${JSON.stringify(code.version)}`);
  const walk: Walk = { parameters: [], inputs: [], outputs: [], operators: 0, operatorTypes: {} };
  const regions = list(object(root.program, 'program').regions, 'program.regions');
  if (regions.length !== 1) throw new Damage(`${regions.length} regions where 1 belongs`);
  checkRegion(regions[0], new Set(), walk, 0);
  if (walk.operators === 0) throw new Damage('a program without operators');
  if (walk.outputs.length === 0) throw new Damage('a program without outputs');
  // For Paddle's ASCII names, code unit order is byte order.
  walk.parameters.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  const { parameters, operators, operatorTypes, inputs } = walk;
  const outputs = walk.outputs.sort((a, b) => a.column - b.column).map(({ column: _, ...output }) => output);
  return { parameters, operators, operatorTypes, inputs, outputs };
}

function checkRegion(region: unknown, outer: ReadonlySet<number>, walk: Walk, depth: number): void {
  if (depth > deepestRegion) throw new Damage(`regions nested more than ${deepestRegion} deep`);
  for (const block of list(object(region, 'region').blocks, 'blocks')) {
    const { args, ops } = object(block, 'block');
    const defined = new Set(outer);
    for (const argument of args === undefined ? [] : list(args, 'args')) define(argument, defined, '#');
    for (const op of list(ops, 'ops')) checkOperator(object(op, 'operator'), defined, walk, depth);
  }
}

function checkOperator(op: JsonObject, defined: Set<number>, walk: Walk, depth: number): void {
  const kind = op['#'];
  if (typeof kind !== 'string' || kind === '') throw new Damage(`an operator of kind ${JSON.stringify(kind)}`);
  walk.operators++;
  // Paddle abbreviates the most common dialect as `1.`, and parameters as `p`.
  const type = kind === 'p' ? 'parameter' : kind.replace(/^1\./, '');
  walk.operatorTypes[type] = (walk.operatorTypes[type] ?? 0) + 1;
  if (kind === 'p') {
    walk.parameters.push(parameterSlot(op));
    define(op.O, defined);
    return;
  }
  for (const attribute of list(op.A, `attributes of ${kind}`)) checkAttribute(attribute, kind);
  for (const operand of op.I === undefined ? [] : list(op.I, `inputs of ${kind}`)) {
    const value = object(operand, `input of ${kind}`)['%'];
    // 0 is an omitted optional operand.
    if (value === 0 || (typeof value === 'number' && defined.has(value))) continue;
    throw new Damage(`operator ${kind} with an operand %${String(value)} that is not defined before`);
  }
  if (op.regions !== undefined) {
    for (const region of list(op.regions, `regions of ${kind}`)) checkRegion(region, defined, walk, depth + 1);
  }
  for (const result of list(op.O, `results of ${kind}`)) define(result, defined);
  if (kind === '1.fetch') walk.outputs.push(outputOf(op, walk.outputs.length));
  if (kind === '1.data') walk.inputs.push(inputOf(op));
}

function inputOf(op: JsonObject): OutlineInput {
  const value = (name: string): unknown => {
    const found = list(op.A, 'input').find((attribute) => object(attribute, 'attribute').N === name);
    return object(object(found, `${name} of an input`).AT, name).D;
  };
  const [name, shape, dtype] = [value('name'), list(value('shape'), 'shape of an input'), value('dtype')];
  if (typeof name !== 'string' || typeof dtype !== 'string') throw new Damage('an input without name or type');
  return { name, shape: shapeOf(shape, name), dtype: dtype as DataType };
}

/** Names of tensor types, without `0.t_`. */
const typeNames: Readonly<Record<string, DataType>> = {
  f32: 'float32',
  f16: 'float16',
  bf16: 'bfloat16',
  f64: 'float64',
  i8: 'int8',
  i32: 'int32',
  i64: 'int64',
  ui8: 'uint8',
  bool: 'bool',
};

/** The declaration of an output, as far as the file has it. */
function outputOf(op: JsonObject, index: number): OutlineInput & { column: number } {
  const values = new Map<unknown, unknown>();
  for (const attribute of list(op.A, 'output')) {
    const { N: name, AT: value } = attribute as { N?: unknown; AT?: { D?: unknown } };
    values.set(name, value?.D);
  }
  const [result] = list(op.O, 'results of an output') as ({ TT?: { D?: unknown } } | undefined)[];
  const described = result?.TT?.D;
  const [type, shape] = Array.isArray(described) ? (described as [{ '#'?: unknown } | null, unknown]) : [];
  const [name, column] = [values.get('name'), values.get('col')];
  // Paddle uses these two without checking their types.
  if (typeof name !== 'string' || !Number.isSafeInteger(column)) {
    throw new Damage(`output ${index} named ${JSON.stringify(name)} in column ${JSON.stringify(column)}`);
  }
  return {
    name,
    dtype: typeNames[String(type?.['#']).replace(/^0\.t_/, '')],
    shape: Array.isArray(shape) ? shape.map(Number) : [],
    column: Number(column),
  };
}

function checkAttribute(attribute: unknown, kind: string): void {
  const { N: name, AT: value } = object(attribute, `attribute of ${kind}`);
  if (typeof name !== 'string') throw new Damage(`an attribute of ${kind} without a name`);
  checkTyped(value, `${kind}.${name}`);
}

/** A type or attribute value: an object with its kind in `#`. */
function checkTyped(value: unknown, where: string): JsonObject {
  const typed = object(value, where);
  if (typeof typed['#'] !== 'string') throw new Damage(`no kind in ${where}`);
  return typed;
}

function parameterSlot(op: JsonObject): ParameterSlot {
  const name = list(op.A, 'parameter')[3];
  if (typeof name !== 'string' || name === '') throw new Damage('a parameter without a name');
  const type = checkTyped(object(op.O, `parameter ${name}`).TT, `type of ${name}`);
  const shape = list(list(type.D, `type of ${name}`)[1], `shape of ${name}`);
  return { name, shape: shapeOf(shape, name) };
}

function shapeOf(shape: readonly unknown[], name: string): number[] {
  if (shape.every((extent) => Number.isSafeInteger(extent) && Number(extent) >= -1)) return shape.map(Number);
  throw new Damage(`${name} of shape ${JSON.stringify(shape)}`);
}

/** Reads a value's number and checks its type; block arguments have their (negative) number in `#`. */
function define(result: unknown, defined: Set<number>, key: '%' | '#' = '%'): void {
  const { [key]: id, TT: type } = object(result, 'result');
  if (!Number.isSafeInteger(id)) throw new Damage(`a result numbered ${JSON.stringify(id)}`);
  // A missing result has the number 0 or a null type.
  if (type !== undefined && type !== null) checkTyped(type, `type of %${String(id)}`);
  defined.add(id as number);
}

function object(value: unknown, what: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new Damage(`no object for ${what}`);
}

function list(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new Damage(`no list for ${what}`);
}
