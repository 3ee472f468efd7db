import { objectEvaluator } from '../metrics/tasks/objects';
import { readDetections } from '../postprocess/detection';
import { boxParts, scriptLine } from './box-parts';
import type { TaskDefinition } from './task-definition';

export const detection: TaskDefinition<'detection'> = {
  ...boxParts,
  finds: 'objects',
  boxRows: true,
  content: 'detections',
  evaluator: (options) => objectEvaluator('boxes', options, ({ detections }) => detections),
  read: readDetections,
  annotators: ['box', 'label'],
  scriptLines: ({ detections }, context) => detections.map((item) => scriptLine(item, context)),
  scriptFiles: { bbox: ({ bbox, score }) => ({ bbox, score }) },
};
