import { CocoObjectEvaluator } from '../metrics/evaluators/objects';
import { readDetections } from '../postprocess/detection';
import { boxParts, scriptLine } from './box-parts';
import type { TaskDefinition } from './task-definition';

export const detection: TaskDefinition<'detection'> = {
  ...boxParts,
  finds: 'objects',
  boxRows: true,
  content: 'detections',
  read: readDetections,
  evaluator: (options) => new CocoObjectEvaluator(options, ['box']),
  annotators: ['box', 'label'],
  scriptLines: ({ detections }, context) => detections.map((item) => scriptLine(item, context)),
  scriptFiles: { bbox: ({ bbox, score }) => ({ bbox, score }) },
};
