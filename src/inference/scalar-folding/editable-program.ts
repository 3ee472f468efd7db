import { readVariable, type Variable } from '../program-check/program-desc';
import { ProtobufReader } from '../program-check/protobuf-reader';
import { type ProgramOperator, readProgramOperator } from './program-operator';
import { messageField } from './protobuf-writer';

/** Field of a block in `ProgramDesc`, of variables and operators in `BlockDesc`. */
const blockField = 1;
const variableField = 3;
const operatorField = 4;

/** A program of one block, whose operators can be replaced; everything else is kept byte for byte. */
export class EditableProgram {
  private constructor(
    readonly variables: ReadonlyMap<string, Variable>,
    readonly operators: readonly ProgramOperator[],
    private readonly restOfBlock: readonly Buffer[],
    private readonly restOfProgram: readonly Buffer[],
  ) {}

  /** Reads bytes that `checkProgramDesc` has accepted; undefined for a program with several blocks (control flow). */
  static read(bytes: Buffer): EditableProgram | undefined {
    const program = fieldsOf(bytes);
    const blocks = program.filter(({ field }) => field === blockField);
    if (blocks.length !== 1) return undefined;
    const variables = new Map<string, Variable>();
    const operators: ProgramOperator[] = [];
    const rest: Buffer[] = [];
    for (const { field, bytes: whole, content } of fieldsOf(blocks[0]!.content)) {
      if (field === operatorField) operators.push(readProgramOperator(content));
      else rest.push(whole);
      if (field !== variableField) continue;
      const variable = readVariable(new ProtobufReader(content));
      variables.set(variable.name, variable);
    }
    const others = program.filter(({ field }) => field !== blockField).map((part) => part.bytes);
    return new EditableProgram(variables, operators, rest, others);
  }

  /** The program with other operators, each given as its message. */
  withOperators(operators: readonly Buffer[]): Buffer {
    const block = [...this.restOfBlock, ...operators.map((operator) => messageField(operatorField, [operator]))];
    return Buffer.concat([messageField(blockField, block), ...this.restOfProgram]);
  }
}

interface Field {
  readonly field: number;
  /** With key and length. */
  readonly bytes: Buffer;
  /** The nested message; empty for a number. */
  readonly content: Buffer;
}

function fieldsOf(bytes: Buffer): Field[] {
  const reader = new ProtobufReader(bytes);
  const fields: Field[] = [];
  for (let start = 0; reader.next(); start = reader.offset) {
    const { field } = reader;
    const content = reader.wireType === 2 ? reader.content() : bytes.subarray(0, 0);
    if (reader.wireType !== 2) reader.skip();
    fields.push({ field, bytes: bytes.subarray(start, reader.offset), content });
  }
  return fields;
}
