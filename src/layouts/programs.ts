import path from 'node:path';
import { PaddleLabError } from '../errors';
import type { ProgramFormat } from '../inference/model-files';
import type { ModelSpec } from '../spec/spec';
import type { ModelFolder } from './layout';
import { refuseUnexported } from './not-exported';

/** Names of a program and of its parameters. */
export interface ProgramNames {
  readonly name: string;
  readonly params: string;
  readonly format: ProgramFormat;
}

function both(prefix: string): ProgramNames[] {
  const params = `${prefix}.pdiparams`;
  return [
    { name: `${prefix}.pdmodel`, params, format: 'pdmodel' },
    { name: `${prefix}.json`, params, format: 'json' },
  ];
}

/** In the search order of PaddleDetection's and PaddleSeg's scripts. */
export const usualPrograms: readonly ProgramNames[] = [...both('model'), ...both('inference')];

/** PaddleClas prefers a quantised export. */
export const classificationPrograms: readonly ProgramNames[] = [
  ...both('inference_int8'),
  ...both('inference'),
  ...both('model'),
];

/** PaddleDetection 1.x, and Paddle Serving up to 0.6. */
export const oldPrograms: readonly ProgramNames[] = [{ name: '__model__', params: '__params__', format: 'pdmodel' }];

export function holdsProgram(names: ReadonlySet<string>, programs: readonly ProgramNames[]): boolean {
  return programs.some((program) => names.has(program.name));
}

/** The first program of the list that the folder has, in the requested format, if any. */
export async function findProgram(
  folder: ModelFolder,
  programs: readonly ProgramNames[],
): Promise<Omit<ModelSpec['files'], 'config'>> {
  const { directory, names, format } = folder;
  const wanted = programs.filter((program) => format === undefined || program.format === format);
  const found = wanted.find((program) => names.has(program.name));
  if (found === undefined) {
    await refuseUnexported(directory, names);
    const expected = wanted.map((program) => program.name).join(' or ') || `a program in format ${format}`;
    const held = [...names].slice(0, 20).join(', ') || 'nothing';
    throw new PaddleLabError('MODEL_NOT_FOUND', `Expected ${expected} in ${directory} but found ${held}`);
  }
  // By default, Paddle 1.x saved each parameter in a separate file.
  const separate = found.name === '__model__' && !names.has(found.params);
  return {
    directory,
    program: path.join(directory, found.name),
    params: separate ? directory : path.join(directory, found.params),
    format: found.format,
  };
}
