import type { Task } from '../spec/spec';
import { classification } from './classification';
import { custom } from './custom';
import { detection } from './detection';
import { instanceSegmentation } from './instance-segmentation';
import { keypoints } from './keypoints';
import type { Postprocessor } from './postprocessor';
import { rotatedDetection } from './rotated-detection';
import { semanticSegmentation } from './semantic-segmentation';
import { tensors } from './tensors';

/** One postprocessor a task; a new task is added here, in `Task` and in `ResultByTask`. */
const postprocessors: { readonly [T in Task]: Postprocessor<T> } = {
  detection,
  'rotated-detection': rotatedDetection,
  'instance-segmentation': instanceSegmentation,
  keypoints,
  'semantic-segmentation': semanticSegmentation,
  classification,
  custom,
  tensors,
};

export function postprocessorFor<T extends Task>(task: T): Postprocessor<T> {
  return postprocessors[task];
}
