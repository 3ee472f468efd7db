import path from 'node:path';
import { PaddleLabError } from '../../errors';
import { readdir, statIfThere } from '../../files/fs';
import { isImageFile } from '../../image/resolve-images';
import type { YamlNode } from '../../yaml/yaml-file';
import { dataFault, namesOf, readDataYaml } from '../classes';
import type { DatasetSource } from '../source';
import { readLines } from '../text-lines';

/** The images of a part of a data set in YOLO's format. */
export interface YoloImages {
  /** The file or folder that names them, for problems. */
  readonly list: string;
  /** What the names are relative to. */
  readonly folder: string;
  /** The folders whose images are all wanted; empty for a list. */
  readonly folders: readonly string[];
  readonly names: readonly { readonly name: string; readonly place: string | undefined }[];
  readonly classes?: readonly string[];
  readonly joints?: readonly [count: number, numbers: number];
}

/** The YAML file of a folder; undefined if it has none. */
export function yamlIn(names: readonly string[]): string | undefined {
  return names.find((name) => /^(data|dataset)\.ya?ml$/i.test(name));
}

/** @throws PaddleLabError FILE_NOT_FOUND, DATASET_INVALID */
export async function yoloImages({ path: given, names, options }: DatasetSource): Promise<YoloImages> {
  const { split = 'val' } = options;
  if (names === undefined) return /\.txt$/i.test(given) ? ofList(given) : ofYaml(given, split);
  const yaml = yamlIn(names);
  if (yaml !== undefined) return ofYaml(path.join(given, yaml), split);
  const all = path.join(given, 'images');
  const entries = await readdir(all, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  if (folders.length === 0 && options.split === undefined) return ofFolder(all);
  if (folders.includes(split)) return ofFolder(path.join(all, split));
  const found = folders.join(', ') || 'none';
  throw new PaddleLabError(
    'FILE_NOT_FOUND',
    `Found no folder ${split} in ${all} (it has ${found}); see the option split`,
  );
}

async function ofFolder(folder: string): Promise<YoloImages> {
  const names = (await readdir(folder, { recursive: true })).filter(isImageFile).sort();
  return { list: folder, folder, folders: [folder], names: names.map((name) => ({ name, place: undefined })) };
}

async function ofList(list: string): Promise<YoloImages> {
  const names = (await readLines(list)).map(({ text, place }) => ({ name: text, place }));
  return { list, folder: path.dirname(list), folders: [], names };
}

async function ofYaml(file: string, split: string): Promise<YoloImages> {
  const content = await readDataYaml(file);
  const classes = namesOf(content);
  const entries = [content.get(split)?.value].flat();
  if (!entries.every((entry): entry is string => typeof entry === 'string')) {
    throw dataFault(content, split, 'a folder or a list of images (see the option split)');
  }
  const own = path.dirname(file);
  const root = path.resolve(own, content.get('path')?.label() ?? '');
  const parts = await Promise.all(entries.map((entry) => ofEntry(entry, [root, own], file, split)));
  // Paths from the root: several folders may have an image of the same name.
  const names = parts.flatMap(({ folder, names: some }) =>
    some.map(({ name, place }) => ({ name: path.relative(own, path.resolve(folder, name)), place })),
  );
  const [only] = parts;
  const list = only !== undefined && parts.length === 1 ? only.list : file;
  const joints = jointsOf(content);
  const folders = parts.flatMap((part) => part.folders);
  return { list, folder: own, folders, names, classes, ...(joints === undefined ? {} : { joints }) };
}

async function ofEntry(entry: string, roots: readonly string[], file: string, split: string): Promise<YoloImages> {
  // Ultralytics, too, looks for `../valid/images` beside the file.
  const places = [
    ...new Set(roots.flatMap((root) => [entry, entry.replace(/^\.\.\//, '')].map((to) => path.resolve(root, to)))),
  ];
  for (const place of places) {
    const found = await statIfThere(place);
    if (found?.isDirectory()) return ofFolder(place);
    if (found?.isFile()) return ofList(place);
  }
  throw new PaddleLabError('FILE_NOT_FOUND', `Found nothing for ${split} of ${file}; looked for ${places.join(', ')}`);
}

function jointsOf(content: YamlNode): readonly [number, number] | undefined {
  const shape = content.get('kpt_shape')?.value;
  if (shape === undefined) return undefined;
  const [count, numbers] = Array.isArray(shape) ? (shape as readonly unknown[]) : [];
  if (Number.isSafeInteger(count) && (numbers === 2 || numbers === 3)) return [count as number, numbers];
  throw dataFault(content, 'kpt_shape', '[joints, 2 or 3]');
}
