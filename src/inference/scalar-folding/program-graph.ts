import type { Variable } from '../program-check/program-desc';
import type { EditableProgram } from './editable-program';
import type { ProgramOperator } from './program-operator';

const denseTensor = 7;
const float32 = 5;

/** Who writes and reads the variables of a program. */
export class ProgramGraph {
  readonly operators: readonly ProgramOperator[];
  private readonly variables: ReadonlyMap<string, Variable>;
  /** An operator that reads a variable twice is listed twice. */
  private readonly readers = new Map<string, ProgramOperator[]>();
  private readonly writers = new Map<string, ProgramOperator[]>();

  constructor({ operators, variables }: EditableProgram) {
    this.operators = operators;
    this.variables = variables;
    for (const operator of operators) {
      for (const name of [...operator.inputs.values()].flat()) add(this.readers, name, operator);
      for (const name of [...operator.outputs.values()].flat()) add(this.writers, name, operator);
    }
  }

  /** The operator that reads a variable, if there is one only. */
  onlyReader(name: string): ProgramOperator | undefined {
    const readers = this.readers.get(name) ?? [];
    return readers.length === 1 ? readers[0] : undefined;
  }

  writer(name: string): ProgramOperator | undefined {
    return this.writers.get(name)?.[0];
  }

  /** Whether this is a float32 tensor that is computed once. */
  isValue(name: string): boolean {
    const variable = this.variables.get(name);
    return isFloat(variable) && !variable.persistable && this.writers.get(name)?.length === 1;
  }

  /** Whether this is a float32 parameter that no operator writes. */
  isParameter(name: string | undefined): name is string {
    if (name === undefined) return false;
    const variable = this.variables.get(name);
    return isFloat(variable) && variable.persistable && !this.writers.has(name);
  }

  /** Whether this is a parameter with one value. */
  isScalar(name: string): boolean {
    return this.isParameter(name) && this.shapeOf(name).every((extent) => extent === 1);
  }

  /** Whether this is a parameter that one operator reads: only its result changes with it. */
  isUnshared(name: string | undefined): name is string {
    return this.isParameter(name) && this.onlyReader(name) !== undefined;
  }

  shapeOf(name: string): readonly number[] {
    return this.variables.get(name)?.tensor.shape ?? [];
  }
}

function isFloat(variable: Variable | undefined): variable is Variable {
  return variable !== undefined && variable.kind === denseTensor && variable.tensor.dtype === float32;
}

function add(lists: Map<string, ProgramOperator[]>, name: string, operator: ProgramOperator): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [operator]);
  else list.push(operator);
}
