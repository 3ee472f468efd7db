import path from 'node:path';
import { readFile } from '../files/fs';
import { resolvePath } from '../image/image';
import { readYaml } from '../yaml/yaml-file';

/** A list of names, or the names of a file with one per line, or of a YAML file. */
export async function classNames(
  classes: readonly string[] | string | undefined,
): Promise<readonly string[] | undefined> {
  if (typeof classes !== 'string') return classes;
  const file = resolvePath(classes);
  if (/\.ya?ml$/i.test(path.extname(file))) return namesOfYaml(file);
  const lines = (await readFile(file, 'utf8')).split(/\r?\n/).map((line) => line.trim());
  return lines.filter((line) => line !== '');
}

/** YOLO's `names`: a list, or a mapping from numbers. */
export async function namesOfYaml(file: string): Promise<readonly string[]> {
  const names = (await readYaml(file)).require('names');
  return Array.isArray(names.value)
    ? names.list().map((name) => name.label())
    : Object.keys(names.mapping()).map((number) => names.require(number).label());
}
