import type { Task } from '../model/spec';
import type { Detection, DetectionResult, InstanceSegmentationResult } from '../results';
import { detection } from './detection';
import { instanceSegmentation } from './instance-segmentation';
import type { Postprocessor } from './postprocessor';

/** The result that each task gives. */
export interface ResultByTask {
  readonly detection: DetectionResult;
  readonly 'instance-segmentation': InstanceSegmentationResult;
}

/** One postprocessor a task; a new task is added here and in `ResultByTask`. */
const postprocessors: Readonly<Record<Task, Postprocessor<Detection>>> = {
  detection,
  'instance-segmentation': instanceSegmentation,
};

export function postprocessorFor(task: Task): Postprocessor<Detection> {
  return postprocessors[task];
}
