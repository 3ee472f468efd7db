import path from 'node:path';
import { PaddleLabError } from '../../errors';
import { readFile, statIfThere } from '../../files/fs';
import type { YamlNode } from '../../yaml/yaml-file';

/** Size limit of a dictionary; the largest ones of PP-OCR have 100 KB. */
const maximumBytes = 16 * 2 ** 20;

/** Names that PP-OCR gives its dictionaries, such as `ppocr_keys_v1.txt`, `en_dict.txt` and `dict.txt`. */
const dictionaryName = /(keys|dict)(_?v?\d+)?\.txt$/i;

/** Whether a file beside a program is the dictionary of a recogniser, by its name. */
export function isDictionary(name: string): boolean {
  return dictionaryName.test(name);
}

/** The dictionary that lies in a folder; undefined if there is none. */
export function dictionaryBeside(names: ReadonlySet<string>, directory: string): string | undefined {
  const found = [...names].filter(isDictionary);
  if (found.length <= 1) return found[0];
  const text = `Expected one dictionary in ${directory} but it has ${found.join(', ')}; name one: ${dictionaryExample}`;
  throw new PaddleLabError('CONFIG_INVALID', text);
}

/** How a dictionary is named for a folder without a configuration. */
export const dictionaryExample =
  "config: { PostProcess: { name: 'CTCLabelDecode', character_dict_path: 'ppocr_keys_v1.txt' } }";

/** A recogniser without its dictionary can't be read as text. */
export function withoutDictionary(directory: string): PaddleLabError {
  const text =
    `Expected the dictionary that the network was trained with but ${directory} has none; put it there as ` +
    `ppocr_keys_v1.txt or NAME_dict.txt, or name it: ${dictionaryExample}`;
  return new PaddleLabError('CONFIG_INVALID', text);
}

/**
 * The characters of a recogniser's classes: blank, the dictionary, and the space if it is used. The dictionary is a list
 * in the configuration (`PostProcess.character_dict`, PaddleX) or a file with a character on each line
 * (`character_dict_path` in `PostProcess` or, as PaddleOCR's configurations have it, in `Global`).
 *
 * @param folders where a file is searched
 */
export async function readCharacters(root: YamlNode, folders: readonly string[]): Promise<readonly string[]> {
  const places = [root.require('PostProcess'), root.get('Global')];
  const [list, file, space] = ['character_dict', 'character_dict_path', 'use_space_char'].map((key) =>
    places.map((place) => place?.get(key)).find((node) => node !== undefined),
  );
  const ends = (space?.boolean() ?? true) ? [' '] : [];
  if (list !== undefined) return ['', ...list.list().map((node) => node.label()), ...ends];
  if (file !== undefined) return ['', ...(await readDictionary(file, folders)), ...ends];
  throw root
    .require('PostProcess')
    .error(`Expected the dictionary that the network was trained with, as character_dict or character_dict_path`);
}

async function readDictionary(node: YamlNode, folders: readonly string[]): Promise<string[]> {
  const named = node.string();
  // Paths in PaddleOCR's configurations begin at its sources, so the name alone is searched for, too.
  const candidates = folders.flatMap((folder) => [
    path.resolve(folder, named),
    path.join(folder, path.basename(named)),
  ]);
  for (const candidate of candidates) {
    const found = await statIfThere(candidate);
    if (!found?.isFile()) continue;
    if (found.size > maximumBytes)
      throw node.error(`Expected a dictionary of at most 16 MiB but received ${candidate}`);
    return linesOf(await readFile(candidate, 'utf8'));
  }
  throw node.error(
    `Expected a file with a character on each line but ${named} does not exist in ${folders.join(', ')}`,
  );
}

/** As Python reads them: only line feeds end a line, and an empty line is a character of its own. */
function linesOf(content: string): string[] {
  const lines = content.replace(/^\uFEFF/, '').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => line.replace(/^[\r\n]+|[\r\n]+$/g, ''));
}
