import path from 'node:path';
import { type PackedCoco, type PackedHead, unpackTruth } from '../datasets/coco/pack';
import { readPackedCoco } from '../datasets/coco/read-packed';
import { datasetInvalid } from '../datasets/faults';
import { PaddleLabError } from '../errors';
import type { PredictResult } from '../results';
import { classNumbers, type TruthSource } from './truth';
import { truthAsResult } from './truth-as-result';

/** Reads one image of a file in COCO's format. */
export async function readCoco({ file, image: wanted, labels }: TruthSource): Promise<PredictResult> {
  const content = await readPackedCoco(file, undefined);
  const { index, head } = findImage(content, wanted, file);
  const [, name, width, height] = head;
  const [found] = unpackTruth(content, index);
  if (found === null) throw datasetInvalid(file, `images[${index}]`, `Expected a size of ${name} but it has none`);
  const numbers = classNumbers(labels ?? content.classes);
  const objects = found.map((object) => {
    return { ...object, classId: numbers.of(content.classes[object.classId] as string, file) };
  });
  const masked = objects.length > 0 && objects.every(({ mask }) => mask !== undefined);
  const task = masked ? 'instance-segmentation' : 'detection';
  return truthAsResult({ kind: 'objects', objects }, { size: { width, height }, labels: numbers.labels, task });
}

function findImage(
  content: PackedCoco,
  wanted: string | number | undefined,
  file: string,
): { readonly index: number; readonly head: PackedHead } {
  const heads = content.heads.flatMap((some) => JSON.parse(some) as PackedHead[]);
  const name = typeof wanted === 'string' ? path.basename(wanted) : undefined;
  const only = wanted === undefined && heads.length === 1;
  const index = heads.findIndex(([id, own]) => only || id === wanted || path.basename(own) === name);
  const head = heads[index];
  if (head !== undefined) return { index, head };
  const expected = `Expected the name or number of one of the ${heads.length} images of ${file} for image`;
  throw new PaddleLabError('INVALID_ARGUMENT', `${expected} but received ${JSON.stringify(wanted)}`);
}
