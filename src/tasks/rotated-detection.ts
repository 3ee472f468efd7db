import { objectEvaluator } from '../metrics/tasks/objects';
import { readRotatedDetections } from '../postprocess/rotated-detection';
import { boxCsv, boxParts } from './box-parts';
import type { TaskDefinition } from './task-definition';

const cornerColumns = [1, 2, 3, 4].flatMap((corner) => [`corner${corner}_x`, `corner${corner}_y`]);

export const rotatedDetection: TaskDefinition<'rotated-detection'> = {
  ...boxParts,
  finds: 'objects',
  boxRows: true,
  content: 'detections',
  evaluator: (options) => objectEvaluator('quads', options, ({ detections }) => detections),
  read: readRotatedDetections,
  annotators: ['rotatedBox', 'label'],
  csv: (result) => boxCsv(result, cornerColumns, ({ corners }) => corners),
  // The bounding box of a rotated box is not useful without its corners.
  scriptFiles: { bbox: ({ bbox, score, segmentation, area }) => ({ bbox, score, segmentation, area }) },
};
