import { parseVocFile } from '../datasets/voc-file';
import type { Box, PredictResult } from '../results';
import { classNumbers, type TruthSource, truthBase } from './truth';

/** Reads a file of PASCAL VOC; its boxes count pixels from 1 and include both ends. */
export async function readVoc({ file, bytes, labels }: TruthSource): Promise<PredictResult> {
  const { width, height, objects } = parseVocFile(file, bytes);
  const numbers = classNumbers(labels);
  const detections = objects.map(({ name, corners: [xmin, ymin, xmax, ymax] }) => {
    const box: Box = [xmin - 1, ymin - 1, xmax, ymax];
    return { classId: numbers.of(name, file), label: name, score: 1, box };
  });
  return { ...truthBase, kind: 'detection', image: { width, height }, labels: numbers.labels, detections };
}
