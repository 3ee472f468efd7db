import path from 'node:path';
import { PaddleLabError } from '../errors';
import { statIfThere } from '../files/fs';
import { resolvePath } from '../image/image';
import { readYaml, type YamlNode } from '../yaml/yaml-file';
import { datasetInvalid, quoted } from './faults';
import { readLines } from './text-lines';

/**
 * The option `classes`: names, a file with one name per line, or YOLO's `data.yaml`.
 *
 * @throws PaddleLabError FILE_NOT_FOUND, DATASET_INVALID
 */
export async function readClasses(
  classes: readonly string[] | string | undefined,
): Promise<readonly string[] | undefined> {
  if (typeof classes !== 'string') return classes;
  const file = resolvePath(classes);
  if (!(await statIfThere(file))?.isFile()) {
    throw new PaddleLabError(
      'FILE_NOT_FOUND',
      `File ${classes} of the option classes does not exist (looked for ${file})`,
    );
  }
  return /\.ya?ml$/i.test(file) ? namesOf(await readDataYaml(file)) : readClassFile(file);
}

/** Names on lines; `3 cat` on line 4, if every line begins with its number, as PaddleClas writes them. */
export async function readClassFile(file: string): Promise<string[]> {
  const lines = (await readLines(file)).map(({ text }) => text);
  if (lines.length === 0)
    throw datasetInvalid(file, undefined, 'Expected a name of a class on each line but it is empty');
  const numbered = lines.every((line, index) => new RegExp(`^${index}\\s+\\S`).test(line));
  return numbered ? lines.map((line) => line.replace(/^\d+\s+/, '')) : lines;
}

/** YOLO's `data.yaml`, a mapping. */
export async function readDataYaml(file: string): Promise<YamlNode> {
  try {
    const content = await readYaml(file);
    content.mapping();
    return content;
  } catch (error) {
    // The message has the file and the line.
    if (!(error instanceof PaddleLabError) || error.code !== 'CONFIG_INVALID') throw error;
    throw new PaddleLabError('DATASET_INVALID', error.message, { cause: error });
  }
}

/** `names` of YOLO's `data.yaml`: a list, or a table of numbers and names. */
export function namesOf(content: YamlNode): string[] {
  const names = content.get('names')?.value;
  const table = typeof names === 'object' && names !== null ? Object.entries(names as object) : [];
  const list: string[] = [];
  for (const [key, name] of table) list[Number(key)] = String(name);
  // A hole would be a class without a name.
  if (list.length > 0 && list.length === table.length && !Array.from(list).includes(undefined as never)) return list;
  throw dataFault(content, 'names', 'the names of classes from number 0 on');
}

/** The error for a key of `data.yaml` that is missing or has another value. */
export function dataFault(content: YamlNode, key: string, expected: string): PaddleLabError {
  const node = content.get(key);
  const text =
    node === undefined
      ? `Expected ${expected} as key "${key}" but it is missing`
      : `Expected ${expected} but received ${quoted(node.value)}`;
  return (node ?? content).error(text, 'DATASET_INVALID');
}

/**
 * The numbers of a data set's own classes in the user's list, or in their own order without one.
 *
 * @throws PaddleLabError DATASET_INVALID for a class that is not in the list
 */
export function numbersIn(
  classes: readonly string[] | undefined,
  own: readonly string[],
  file: string,
  placeOf: (index: number) => string | undefined,
): number[] {
  return own.map((name, index) => {
    const found = classes === undefined ? index : classes.indexOf(name);
    if (found >= 0) return found;
    const text = `Expected a name of the option classes but received ${quoted(name)}`;
    throw datasetInvalid(file, placeOf(index), text);
  });
}

/** A class number of a text, between 0 and the last name. */
export function classNumber(
  text: string,
  classes: readonly string[] | undefined,
  file: string,
  place: string | undefined,
): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value) && value < (classes?.length ?? Number.POSITIVE_INFINITY)) return value;
  const range =
    classes === undefined ? '' : ` from 0 to ${classes.length - 1} (the ${classes.length} names of the classes)`;
  throw datasetInvalid(file, place, `Expected the number of a class${range} but received ${quoted(text)}`);
}

/** The names of a label list beside a data set, if there is one. */
export async function classFileIn(folder: string, names: readonly string[]): Promise<string[] | undefined> {
  const name = ['label_list.txt', 'labels.txt', 'classes.txt'].find((candidate) => names.includes(candidate));
  return name === undefined ? undefined : readClassFile(path.join(folder, name));
}
