import { chooseAnnotators } from '../drawing/annotators/annotators';
import type { CustomResult } from '../results';
import type { CustomTask } from '../spec/spec';
import { checkOptions, checkString, invalidArgument } from '../validate';

export type { CustomTask } from '../spec/spec';

const registered = new Map<string, CustomTask>();

/**
 * Adds a task of your own; it replaces one of the same name. Models whose architecture it names use it; for any other
 * model give it to `loadModel(…, { task })`, which then knows the type of the results. Loaded models keep their task.
 *
 * With `objects`, results are drawn, listed, saved as CSV and COCO, compared and evaluated as those of detectors are.
 * Each other part of the task (`nouns`, `table`, `csv`, `coco`, `compare` …) replaces what follows from them.
 *
 * @returns the task, for `loadModel`
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION
 *
 * @example
 * import { registerTask } from 'paddlelab';
 * const counting = registerTask({
 *   name: 'counting',
 *   nouns: ['shape', 'shapes'],
 *   read: ([boxes], { threshold = 0.5 }) => {
 *     const data = boxes.data as Float32Array;
 *     const rows = Array.from({ length: data.length / 6 }, (_, i) => [...data.subarray(i * 6, i * 6 + 6)]);
 *     return rows.filter(([, score]) => score > threshold);
 *   },
 *   objects: ({ content }, name) =>
 *     content.map(([classId, score, x1, y1, x2, y2]) => ({ classId, label: name(classId), score, box: [x1, y1, x2, y2] })),
 * });
 * const counter = await loadModel('models/shapes_det_picodet', { engine: 'plain', task: counting });
 * const shapes = await predict(counter, 'shapes.png');
 * await visualize('shapes.png', shapes);
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
  checkOptions(option, task, ['name', 'architectures', 'read', 'display', 'nouns', 'annotators', ...functionParts]);
  const { name, architectures = [], read, nouns, annotators } = task as Partial<CustomTask>;
  checkString(`${option}.name`, name);
  if (!Array.isArray(architectures)) throw invalidArgument(`${option}.architectures`, 'list of names', architectures);
  architectures.forEach((arch, i) => {
    checkString(`${option}.architectures[${i}]`, arch);
  });
  if (typeof read !== 'function') throw invalidArgument(`${option}.read`, 'function', read);
  for (const part of ['display', ...functionParts] as const) {
    const given: unknown = (task as Partial<CustomTask>)[part];
    if (given !== undefined && typeof given !== 'function')
      throw invalidArgument(`${option}.${part}`, 'function', given);
  }
  checkNouns(`${option}.nouns`, nouns);
  if (annotators !== undefined) chooseAnnotators(annotators, `${option}.annotators`);
  return task as CustomTask;
}

/** The parts that are functions of results. */
const functionParts = ['found', 'objects', 'table', 'csv', 'coco', 'compare', 'confusions'] as const;

function checkNouns(option: string, nouns: unknown): void {
  if (nouns === undefined) return;
  if (!Array.isArray(nouns) || nouns.length !== 2) throw invalidArgument(option, 'one and several, two texts', nouns);
  nouns.forEach((noun, i) => {
    checkString(`${option}[${i}]`, noun);
  });
}

/** The task that was registered last for an architecture. */
export function taskForArchitecture(arch: string): CustomTask | undefined {
  return [...registered.values()].reverse().find((task) => task.architectures?.includes(arch));
}

const taskByResult = new WeakMap<object, CustomTask>();

/** Remembers which task a result is of, beside its data. */
export function rememberTask(result: CustomResult, task: CustomTask): void {
  taskByResult.set(result, task);
}

/** The task that a result is of; of one that was read from a file, the registered one of that name. */
export function taskOfResult(result: CustomResult): CustomTask | undefined {
  return taskByResult.get(result) ?? registered.get(result.task);
}
