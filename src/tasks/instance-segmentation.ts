import { objectEvaluator } from '../metrics/tasks/objects';
import { readInstances } from '../postprocess/instance-segmentation';
import { boxParts, scriptLine } from './box-parts';
import type { TaskDefinition } from './task-definition';

export const instanceSegmentation: TaskDefinition<'instance-segmentation'> = {
  ...boxParts,
  finds: 'objects',
  boxRows: true,
  content: 'detections',
  evaluator: (options) => objectEvaluator('masks', options, ({ detections }) => detections),
  read: readInstances,
  annotators: ['mask', 'box', 'label'],
  scriptLines: ({ detections }, context) => detections.map((item) => scriptLine(item, context)),
  scriptFiles: {
    bbox: ({ bbox, score }) => ({ bbox, score }),
    mask: ({ segmentation, score }) => (segmentation === undefined ? undefined : { segmentation, score }),
  },
};
