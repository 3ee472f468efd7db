import { type AnnotatorChoice, chooseAnnotators } from '../drawing/annotators/annotators';
import { callback, listOf, type OptionChecks, readOptions, text } from '../options';
import type { CustomResult } from '../results';
import type { CustomTask } from '../spec/spec';
import { invalidArgument } from '../validate';

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
  if (!Array.isArray(nouns) || nouns.length !== 2) throw invalidArgument(name, 'one and several, two texts', nouns);
  return [text(`${name}[0]`, nouns[0]), text(`${name}[1]`, nouns[1])];
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
