import { PaddleLabError } from '../errors';
import type { Postprocessor } from './postprocessor';

/** A task of the user's. */
export const custom: Postprocessor<'custom'> = {
  async read(outputs, context) {
    const task = context.spec.customTask;
    if (task === undefined) throw new PaddleLabError('MODEL_UNSUPPORTED', 'Expected a model that was given a task');
    return { threshold: context.threshold ?? 0, task: task.name, content: await task.read(outputs, context) };
  },
};
