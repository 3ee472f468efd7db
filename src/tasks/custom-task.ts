import { type AnnotatorChoice, chooseAnnotators } from '../drawing/annotators/annotators';
import { callback, listOf, type OptionChecks, readOptions, text } from '../options';
import type { CustomResult } from '../results';
import type { CustomTask } from '../spec/spec';
import { invalidArgument } from '../validate';

const registered = new Map<string, CustomTask>();

/**
 * Adds a custom task; it replaces a task of the same name. It is used for models of the architectures that it lists;
 * for any other model pass it to `loadModel(…, { task })`, which then knows the type of the results. Models that are
 * already loaded keep their task.
 *
 * With `objects`, results are drawn, listed, saved as CSV and COCO, compared and evaluated like those of detectors.
 * Each of the other parts of the task (`nouns`, `table`, `csv`, `coco`, `compare` …) replaces the respective default.
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
  // The latest task is last, also when it replaces another one.
  registered.delete(name);
  registered.set(name, task as CustomTask);
  return task;
}

const checks = {
  name: text,
  architectures: listOf('list of names', text),
  read: callback,
  display: callback,
  nouns: checkNouns,
  found: callback,
  objects: callback,
  annotators: (name, annotators) => {
    chooseAnnotators(annotators, name);
    return annotators as readonly AnnotatorChoice[];
  },
  table: callback,
  csv: callback,
  coco: callback,
  compare: callback,
  confusions: callback,
  evaluator: callback,
} satisfies OptionChecks<CustomTask>;

/** @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION */
export function checkTask(option: string, task: unknown): CustomTask {
  if (typeof task !== 'object' || task === null) throw invalidArgument(option, 'task { name, read }', task);
  const given = readOptions(option, task as CustomTask, checks, `${option}.`);
  text(`${option}.name`, given.name);
  callback(`${option}.read`, given.read);
  return given;
}

function checkNouns(name: string, nouns: unknown): readonly [string, string] {
  if (!Array.isArray(nouns) || nouns.length !== 2)
    throw invalidArgument(name, 'two strings, singular and plural', nouns);
  return [text(`${name}[0]`, nouns[0]), text(`${name}[1]`, nouns[1])];
}

/** The most recently registered task for an architecture. */
export function taskForArchitecture(arch: string): CustomTask | undefined {
  return [...registered.values()].reverse().find((task) => task.architectures?.includes(arch));
}

const taskByResult = new WeakMap<object, CustomTask>();

/** Stores the task of a result, outside the result's data. */
export function rememberTask(result: CustomResult, task: CustomTask): void {
  taskByResult.set(result, task);
}

/** The task of a result; for a result read from a file, the registered task of that name. */
export function taskOfResult(result: CustomResult): CustomTask | undefined {
  return taskByResult.get(result) ?? registered.get(result.task);
}
