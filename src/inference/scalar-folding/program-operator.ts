import { ProtobufReader } from '../program-check/protobuf-reader';
import { floatField, integerField, messageField, textField } from './protobuf-writer';

/** The value of an attribute; undefined for the kinds that no operator here needs. */
export type AttributeValue = number | string | boolean | readonly number[] | undefined;

/** Arguments by slot, such as `X` or `Filter`. */
export type Slots = ReadonlyMap<string, readonly string[]>;

/** An operator of a program (`OpDesc`). */
export interface ProgramOperator {
  readonly type: string;
  readonly inputs: Slots;
  readonly outputs: Slots;
  readonly attributes: ReadonlyMap<string, AttributeValue>;
  /** The message as it stands in the program. */
  readonly bytes: Buffer;
}

/** Fields of `OpDesc`. */
const inputField = 1;
const outputField = 2;
const typeField = 3;
const attributeField = 4;

/** Reads a message that `checkProgramDesc` has accepted. */
export function readProgramOperator(bytes: Buffer): ProgramOperator {
  const reader = new ProtobufReader(bytes);
  const inputs = new Map<string, string[]>();
  const outputs = new Map<string, string[]>();
  const attributes = new Map<string, AttributeValue>();
  let type = '';
  while (reader.next()) {
    if (reader.field === inputField) readSlot(reader.message(), inputs);
    else if (reader.field === outputField) readSlot(reader.message(), outputs);
    else if (reader.field === typeField) type = reader.text();
    else if (reader.field === attributeField) readAttribute(reader.message(), attributes);
    else reader.skip();
  }
  return { type, inputs, outputs, attributes, bytes };
}

function readSlot(reader: ProtobufReader, slots: Map<string, string[]>): void {
  const names: string[] = [];
  let slot = '';
  while (reader.next()) {
    if (reader.field === 1) slot = reader.text();
    else if (reader.field === 2) names.push(reader.text());
    else reader.skip();
  }
  slots.set(slot, names);
}

function readAttribute(reader: ProtobufReader, attributes: Map<string, AttributeValue>): void {
  let name = '';
  let kind = -1;
  let value: AttributeValue;
  const integers: number[] = [];
  while (reader.next()) {
    if (reader.field === 1) name = reader.text();
    else if (reader.field === 2) kind = reader.int64();
    else if (reader.field === 3) value = reader.int64();
    else if (reader.field === 4) value = reader.float();
    else if (reader.field === 5) value = reader.text();
    else if (reader.field === 6) reader.integers(integers);
    else if (reader.field === 10) value = reader.int64() !== 0;
    else reader.skip();
  }
  attributes.set(name, kind === 3 ? integers : value);
}

/** A variable that is replaced in the arguments of an operator. */
export interface Renaming {
  readonly of: 'inputs' | 'outputs';
  readonly from: string;
  readonly to: string;
}

/** The message of an operator with other variables; its remaining bytes are kept. */
export function renamedBytes({ bytes, inputs, outputs }: ProgramOperator, renamings: readonly Renaming[]): Buffer {
  const renamed = (of: Renaming['of'], name: string): string =>
    renamings.find((renaming) => renaming.of === of && renaming.from === name)?.to ?? name;
  const slots = (field: number, of: Renaming['of'], all: Slots): Buffer[] =>
    [...all].map(([slot, names]) =>
      slotField(
        field,
        slot,
        names.map((name) => renamed(of, name)),
      ),
    );
  const parts = [...slots(inputField, 'inputs', inputs), ...slots(outputField, 'outputs', outputs)];
  const reader = new ProtobufReader(bytes);
  for (let start = 0; reader.next(); start = reader.offset) {
    reader.skip();
    if (reader.field > outputField) parts.push(bytes.subarray(start, reader.offset));
  }
  return Buffer.concat(parts);
}

/** The message of an operator that computes `scale · input + offset`. */
export function scaleOperatorBytes(input: string, output: string, scale: number, offset: number): Buffer {
  const attribute = (name: string, kind: number, value: Buffer): Buffer =>
    messageField(attributeField, [textField(1, name), integerField(2, kind), value]);
  return Buffer.concat([
    slotField(inputField, 'X', [input]),
    slotField(outputField, 'Out', [output]),
    textField(typeField, 'scale'),
    attribute('scale', 1, floatField(4, scale)),
    attribute('bias', 1, floatField(4, offset)),
    attribute('bias_after_scale', 6, integerField(10, 1)),
  ]);
}

function slotField(field: number, slot: string, names: readonly string[]): Buffer {
  return messageField(field, [textField(1, slot), ...names.map((name) => textField(2, name))]);
}
