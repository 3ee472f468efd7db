import type { CustomTask } from '../spec/spec';
import { checkOptions, checkString, invalidArgument } from '../validate';

export type { CustomTask } from '../spec/spec';

const registered = new Map<string, CustomTask>();

/**
 * Adds a task of one's own, which takes the place of one of the same name. Models whose architecture it names get it by
 * themselves; any other is given it by `loadModel(…, { task })`, which knows the type of the results then. Models that
 * are loaded already keep theirs.
 *
 * @returns the task, for `loadModel`
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION
 *
 * @example
 * import { registerTask } from 'paddlelab';
 * const counting = registerTask({
 *   name: 'counting',
 *   read: ([boxes], { threshold = 0.5 }) => {
 *     const scores = Array.from(boxes.data as Float32Array).filter((_, i) => i % 6 === 1);
 *     return { objects: scores.filter((score) => score > threshold).length };
 *   },
 *   display: ({ content }) => `${content.objects} objects`,
 * });
 * const counter = await loadModel('models/shapes_det_picodet', { engine: 'plain', task: counting });
 * const { content } = await predict(counter, 'shapes.png');
 * content.objects.toFixed();
 */
export function registerTask<C>(task: CustomTask<C>): CustomTask<C> {
  const { name } = checkTask('task', task);
  // The latest one comes last, also where it replaces another.
  registered.delete(name);
  registered.set(name, task as CustomTask);
  return task;
}

/** @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION */
export function checkTask(option: string, task: unknown): CustomTask {
  if (typeof task !== 'object' || task === null) throw invalidArgument(option, 'task { name, read }', task);
  checkOptions(option, task, ['name', 'architectures', 'read', 'display']);
  const { name, architectures = [], read, display } = task as Partial<CustomTask>;
  checkString(`${option}.name`, name);
  if (!Array.isArray(architectures)) throw invalidArgument(`${option}.architectures`, 'list of names', architectures);
  architectures.forEach((arch, i) => {
    checkString(`${option}.architectures[${i}]`, arch);
  });
  if (typeof read !== 'function') throw invalidArgument(`${option}.read`, 'function', read);
  if (display !== undefined && typeof display !== 'function') {
    throw invalidArgument(`${option}.display`, 'function', display);
  }
  return task as CustomTask;
}

/** The task that was registered last for an architecture. */
export function taskForArchitecture(arch: string): CustomTask | undefined {
  return [...registered.values()].reverse().find((task) => task.architectures?.includes(arch));
}
