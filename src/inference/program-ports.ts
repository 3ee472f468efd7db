import { readFile } from 'node:fs/promises';
import { messageOf, PaddleLabError } from '../errors';
import type { DataType } from './data-type';

/** An input as the program file declares it; −1 marks a dynamic extent. */
export interface DeclaredInput {
  readonly name: string;
  readonly dtype: DataType;
  readonly shape: readonly number[];
}

interface PirAttribute {
  N: string;
  AT: { D: unknown };
}

interface PirOp {
  '#': string;
  A?: PirAttribute[];
}

/**
 * Reads the inputs of a Paddle 3 `.json` program. Paddle's own query answers float32 for every input of such a model,
 * so that the file is the only source of the types.
 */
export async function readPirInputs(file: string): Promise<DeclaredInput[]> {
  let ops: PirOp[];
  try {
    const model = JSON.parse(await readFile(file, 'utf8'));
    ops = model.program.regions[0].blocks[0].ops;
    return ops.filter((op) => op['#'] === '1.data').map(toInput);
  } catch (error) {
    throw new PaddleLabError(
      'MODEL_DAMAGED',
      `Expected a Paddle 3 program in ${file} but reading it failed: ${messageOf(error)}; export the model again`,
      { cause: error },
    );
  }
}

function toInput(op: PirOp): DeclaredInput {
  const attributes = new Map((op.A ?? []).map((attribute) => [attribute.N, attribute.AT.D]));
  return {
    name: String(attributes.get('name')),
    dtype: attributes.get('dtype') as DataType,
    shape: (attributes.get('shape') as number[]).map(Number),
  };
}
