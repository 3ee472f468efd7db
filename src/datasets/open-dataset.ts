import path from 'node:path';
import { PaddleLabError } from '../errors';
import { open, readdir, statIfThere } from '../files/fs';
import { resolvePath } from '../image/image';
import { abortSignal, integer, type OptionChecks, oneOf, readOptions, text } from '../options';
import { checkString, invalidArgument, throwIfAborted } from '../validate';
import { readClasses } from './classes';
import type { Dataset } from './dataset';
import { datasetFormats, readers } from './formats';
import type { DatasetOptions, DatasetReader, DatasetSource } from './source';
import { linesOf } from './text-lines';

const checks = {
  format: oneOf(datasetFormats),
  images: text,
  classes: checkClasses,
  split: text,
  separator: text,
  limit: integer(1),
  signal: abortSignal,
} satisfies OptionChecks<DatasetOptions>;

function checkClasses(option: string, value: unknown): readonly string[] | string {
  if (typeof value === 'string' && value !== '') return value;
  const list = Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === 'string');
  if (!list) throw invalidArgument(option, 'names of classes, or a file of them,', value);
  const names = value as readonly string[];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalidArgument(option, 'each name once', twice);
  return names;
}

/**
 * Opens a data set: images, and what is true of each of them. Images that are missing are left out and named in
 * `problems`. COCO, VOC, YOLO, one folder per class, PaddleClas' and PaddleSeg's lists, Cityscapes; the README in
 * `src/datasets/` has what is read of each.
 *
 * @param input a file or a folder
 * @throws PaddleLabError FILE_NOT_FOUND (also if no image is there), DATASET_INVALID, INVALID_ARGUMENT, UNKNOWN_OPTION,
 *   ABORTED
 *
 * @example
 * import { openDataset } from 'paddlelab';
 * const dataset = await openDataset('shapes.coco.json');
 * const { truth, problems } = await dataset.images[0].truth();
 */
export async function openDataset(input: string, options: DatasetOptions = {}): Promise<Dataset> {
  const checked = readOptions('openDataset', options, checks);
  const source = await sourceOf(checkString('path', input), checked);
  throwIfAborted(checked.signal);
  const reader = await choose(source);
  for (const option of ['split', 'separator'] as const) {
    const known = source.names === undefined ? reader.options.file : reader.options.folder;
    if (checked[option] === undefined || known.includes(option)) continue;
    const kind = source.names === undefined ? 'file' : 'folder';
    const text = `Expected no option ${option} for a ${kind} of the format ${reader.format}, which has no use for it`;
    throw new PaddleLabError('INVALID_ARGUMENT', text);
  }
  return reader.read(source);
}

async function sourceOf(input: string, options: DatasetOptions): Promise<DatasetSource> {
  const target = resolvePath(input);
  const found = await statIfThere(target);
  if (found === undefined) {
    throw new PaddleLabError('FILE_NOT_FOUND', `Data set ${input} does not exist (looked for ${target})`);
  }
  const names = found.isDirectory() ? (await readdir(target)).sort() : undefined;
  const firstLines = names === undefined ? await readFirstLines(target) : [];
  return { path: target, names, firstLines, options, classes: await readClasses(options.classes) };
}

/** Lines within the first bytes of a file, without the last one, which may be cut off. */
async function readFirstLines(file: string): Promise<string[]> {
  const handle = await open(file);
  try {
    const buffer = Buffer.alloc(16_384);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    const lines = linesOf(buffer.toString('utf8', 0, bytesRead)).map(({ text }) => text);
    return bytesRead < buffer.length ? lines : lines.slice(0, -1);
  } finally {
    await handle.close();
  }
}

async function choose(source: DatasetSource): Promise<DatasetReader> {
  const { format } = source.options;
  const named = readers.find((reader) => reader.format === format);
  if (named !== undefined) return named;
  const matches: DatasetReader[] = [];
  for (const reader of readers) if (await reader.recognises(source)) matches.push(reader);
  const [only] = matches;
  if (only !== undefined && matches.length === 1) return only;
  if (only !== undefined) {
    const formats = matches.map((reader) => reader.format).join(', ');
    const text = `${source.path} may be a data set of several formats (${formats}); choose one by the option format`;
    throw new PaddleLabError('INVALID_ARGUMENT', text);
  }
  const known = readers.map((reader) => `  - ${reader.format}: ${reader.expects}`).join('\n');
  const content =
    source.names === undefined ? '' : ` (it contains ${source.names.slice(0, 8).join(', ') || 'nothing'})`;
  const place = path.basename(source.path);
  throw new PaddleLabError(
    'DATASET_INVALID',
    `Found no data set of a known format in ${source.path}${content}. Name the format of ${place} by the option format. Known:\n${known}`,
  );
}
