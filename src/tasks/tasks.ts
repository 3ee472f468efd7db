import type { SceneObject } from '../drawing/annotators/annotator';
import type { PredictResult, Task } from '../results';
import type { CustomTask } from '../spec/spec';
import { classification } from './classification';
import { taskOfResult } from './custom-task';
import { detection } from './detection';
import { instanceSegmentation } from './instance-segmentation';
import { keypoints } from './keypoints';
import { ownDefinition, unknownTask } from './own-task';
import { rotatedDetection } from './rotated-detection';
import { semanticSegmentation } from './semantic-segmentation';
import type { TaskDefinition } from './task-definition';
import { tensors } from './tensors';

/** Every task; a new one is its file, its result in `ResultByTask`, and its line here. */
const definitions: { readonly [T in Exclude<Task, 'custom'>]: TaskDefinition<T> } = {
  detection,
  'rotated-detection': rotatedDetection,
  'instance-segmentation': instanceSegmentation,
  keypoints,
  'semantic-segmentation': semanticSegmentation,
  classification,
  tensors,
};

/** The tasks that can be asked for by name. */
export const tasks = Object.keys(definitions) as readonly Exclude<Task, 'custom'>[];

/** Whether there are pictures of a task's results. */
export function canDraw({ objects, annotators }: TaskDefinition): boolean {
  return objects !== undefined || annotators.length > 0;
}

/** The tasks whose results can be drawn. */
export function drawableTasks(): Task[] {
  return tasks.filter((task) => canDraw(definitions[task] as TaskDefinition));
}

const ownDefinitions = new WeakMap<CustomTask, TaskDefinition<'custom'>>();

function ownDefinitionOf(task: CustomTask): TaskDefinition<'custom'> {
  let definition = ownDefinitions.get(task);
  if (definition === undefined) {
    definition = ownDefinition(task);
    ownDefinitions.set(task, definition);
  }
  return definition;
}

/** The task of a model. */
export function taskOfModel<T extends Task>({
  task,
  customTask,
}: {
  readonly task: T;
  readonly customTask?: CustomTask | undefined;
}): TaskDefinition<T> {
  const definition: unknown =
    task === 'custom' ? ownDefinitionOf(customTask ?? unknownTask) : definitions[task as Exclude<T, 'custom'>];
  return definition as TaskDefinition<T>;
}

/**
 * What there is to draw of a result, best score first; with a threshold, only what has a score above it, or none at all.
 *
 * @param name the name of a class as pictures write it
 */
export function objectsOf(
  result: PredictResult,
  name: (classId: number) => string,
  threshold: number | undefined,
): readonly SceneObject[] {
  const objects = taskOf(result).objects?.(result, name) ?? [];
  if (threshold === undefined) return objects;
  return objects.filter(({ score }) => score === undefined || score > threshold);
}

/** The objects of two results, to be paired; undefined unless both have objects with boxes. */
export function objectsOfBoth(
  a: PredictResult,
  b: PredictResult,
): readonly [readonly SceneObject[], readonly SceneObject[]] | undefined {
  const both = [a, b].map((result) => {
    const name = (classId: number): string => result.labels[classId] ?? String(classId);
    return taskOf(result).finds === 'objects' ? objectsOf(result, name, undefined) : undefined;
  });
  return both[0] && both[1] && [both[0], both[1]];
}

/** How many things were found, as headlines and captions count them. */
export function countOf(result: PredictResult): number {
  const { content, found } = taskOf(result);
  const things: unknown = result[content as keyof PredictResult];
  return Array.isArray(things) ? things.length : found(result).length;
}

/** The task that a result is of; also of one that was read from JSON, where its task is registered. */
export function taskOf<R extends PredictResult>(result: R): TaskDefinition<R['kind']> {
  const customTask = result.kind === 'custom' ? taskOfResult(result) : undefined;
  return taskOfModel<R['kind']>({ task: result.kind, customTask });
}

/** The result without the objects that score too little to be listed. */
export function resultAbove(result: PredictResult, threshold: number | undefined): PredictResult {
  if (threshold === undefined || result.detections === undefined) return result;
  const detections = result.detections.filter(({ score }) => score > threshold);
  return { ...result, threshold, detections } as PredictResult;
}
