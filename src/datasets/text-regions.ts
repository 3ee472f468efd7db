import path from 'node:path';
import { readFile } from '../files/fs';
import type { Dataset, DatasetProblem } from './dataset';
import { datasetInvalid, leftOut, quoted } from './faults';
import { findImages, type NamedImage } from './find-images';
import type { DatasetReader, DatasetSource } from './source';
import { linesOf } from './text-lines';
import type { TrueObject } from './truth';

/** Transcriptions of regions that can't be read; PaddleOCR ignores them. */
const illegible = ['*', '###'];

/** An image and a JSON list of its regions of text a line, as PaddleOCR trains detectors with and labels pages. */
export const textRegions: DatasetReader = {
  format: 'text-regions',
  expects: 'a .txt file with an image, a tab and a JSON list of { transcription, points } on each line',
  options: { folder: [], file: ['separator'] },
  recognises: ({ firstLines, options: { separator } }) => {
    const lists = firstLines.map((line) => splitLine(line, separator)?.[1] ?? '');
    // The first images may have no text.
    return /^\[.*"points".*\]$/.test(lists.find((list) => list !== '[]') ?? '');
  },
  read,
};

async function read(source: DatasetSource): Promise<Dataset> {
  const { path: file, options } = source;
  const named = linesOf(await readFile(file, 'utf8')).map(({ text, place }, index): NamedImage => {
    const [name, list] = splitLine(text, options.separator) ?? [];
    if (name === undefined || list === undefined) {
      throw datasetInvalid(file, place, `Expected an image, a tab and a JSON list but received ${quoted(text)}`);
    }
    const found = parseRegions(list, file, place);
    const truth = { kind: 'objects', objects: found.objects } as const;
    return { name, place, imageId: index + 1, truth: async () => ({ truth, problems: found.problems }) };
  });
  const folder = path.dirname(file);
  const { images, problems } = await findImages(named, file, [folder, path.dirname(folder)], source);
  return { format: 'text-regions', path: file, classes: [], images, problems };
}

function splitLine(line: string, separator = '\t'): [name: string, regions: string] | undefined {
  const at = line.indexOf(separator);
  return at < 1 ? undefined : [line.slice(0, at).trim(), line.slice(at + separator.length).trim()];
}

interface Regions {
  readonly objects: TrueObject[];
  readonly problems: DatasetProblem[];
}

function parseRegions(text: string, file: string, place: string): Regions {
  const list = parseList(text, file, place);
  const objects: TrueObject[] = [];
  const problems: DatasetProblem[] = [];
  for (const [i, item] of list.entries()) {
    const { points, transcription } = (item ?? {}) as { readonly points?: unknown; readonly transcription?: unknown };
    const corners = cornersOf(points);
    if (corners === undefined) {
      const message = `Expected at least 3 points [x, y] but received ${quoted(JSON.stringify(points) ?? 'nothing')}`;
      problems.push(leftOut(file, `${place}, [${i}].points`, message));
    } else {
      const text = typeof transcription === 'string' ? { text: transcription } : {};
      objects.push({ ...objectOf(corners, illegible.includes(String(transcription))), ...text });
    }
  }
  return { objects, problems };
}

function parseList(text: string, file: string, place: string): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list)) return list;
  } catch {
    // The same fault as another value.
  }
  throw datasetInvalid(file, place, `Expected a JSON list of regions but received ${quoted(text)}`);
}

/** `[x1, y1, x2, y2, …]`. */
function cornersOf(points: unknown): number[] | undefined {
  if (!Array.isArray(points) || points.length < 3) return undefined;
  const pairs = points.every(
    (point: unknown) => Array.isArray(point) && point.length === 2 && point.every(Number.isFinite),
  );
  return pairs ? (points as number[][]).flat() : undefined;
}

function objectOf(corners: readonly number[], ignored: boolean): TrueObject {
  const [xs, ys] = [0, 1].map((axis) => corners.filter((_, i) => i % 2 === axis)) as [number[], number[]];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [width, height] = [Math.max(...xs) - left, Math.max(...ys) - top];
  const shape = corners.length === 8 ? { corners } : { mask: [corners] };
  return { classId: 0, box: [left, top, width, height], area: width * height, crowd: false, ignored, ...shape };
}
