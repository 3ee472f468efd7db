import { parseVoc } from '../datasets/voc/parse-voc';
import { readFile } from '../files/fs';
import type { PredictResult } from '../results';
import { classNumbers, type TruthSource } from './truth';
import { truthAsResult } from './truth-as-result';

/** Reads a file of PASCAL VOC; its boxes count pixels from 1 and include both ends. */
export async function readVoc({ file, labels }: TruthSource): Promise<PredictResult> {
  const { width, height, objects: found } = parseVoc(file, await readFile(file, 'utf8'));
  const numbers = classNumbers(labels);
  const objects = found.map(({ name, difficult, bounds: [xmin, ymin, xmax, ymax] }) => {
    const box = [xmin - 1, ymin - 1, xmax - xmin + 1, ymax - ymin + 1] as const;
    return { classId: numbers.of(name, file), box, area: box[2] * box[3], crowd: false, ignored: difficult };
  });
  return truthAsResult({ kind: 'objects', objects }, { size: { width, height }, labels: numbers.labels });
}
