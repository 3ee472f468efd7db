import type { SceneObject } from '../drawing/annotators/annotator';
import type { ChainResult, PredictResult, TableResult, Task, TextResult } from '../results';
import type { CustomTask } from '../spec/spec';
import { labelsOf } from './box-parts';
import { chainDefinition } from './chain';
import { classification } from './classification';
import { taskOfResult } from './custom-task';
import { detection } from './detection';
import { instanceSegmentation } from './instance-segmentation';
import { keypoints } from './keypoints';
import { ownDefinition, unknownTask } from './own-task';
import { rotatedDetection } from './rotated-detection';
import { semanticSegmentation } from './semantic-segmentation';
import { table } from './table';
import { tableStructure } from './table-structure';
import type { ResultDefinition, TaskDefinition } from './task-definition';
import { tensors } from './tensors';
import { text } from './text';
import { textDetection } from './text-detection';
import { textRecognition } from './text-recognition';
import { unwarping } from './unwarping';

/** Every task; a new task adds its file, its result in `ResultByTask`, and a line here. */
const definitions: { readonly [T in Exclude<Task, 'custom'>]: TaskDefinition<T> } = {
  detection,
  'rotated-detection': rotatedDetection,
  'instance-segmentation': instanceSegmentation,
  keypoints,
  'semantic-segmentation': semanticSegmentation,
  classification,
  'text-detection': textDetection,
  'text-recognition': textRecognition,
  'table-structure': tableStructure,
  'image-unwarping': unwarping,
  tensors,
};

/** The tasks that can be selected by name. */
export const tasks = Object.keys(definitions) as readonly Exclude<Task, 'custom'>[];

/** Whether results can be drawn. */
export function canDraw({ objects, annotators }: ResultDefinition): boolean {
  return objects !== undefined || annotators.length > 0;
}

/** The kinds of results that can be drawn. */
export function drawableKinds(): PredictResult['kind'][] {
  return [...tasks.filter((task) => canDraw(definitions[task] as ResultDefinition)), 'text', 'table', 'chain'];
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
 * The objects of a result that can be drawn, best score first; with a threshold, only those with a score above it or
 * without a score.
 *
 * @param name the label of a class in pictures
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

/** The objects of two results, for matching; undefined unless both have objects with boxes. */
export function objectsOfBoth(
  a: PredictResult,
  b: PredictResult,
): readonly [readonly SceneObject[], readonly SceneObject[]] | undefined {
  const both = [a, b].map((result) => {
    return taskOf(result).finds === 'objects' ? objectsOf(result, labelsOf(result), undefined) : undefined;
  });
  return both[0] && both[1] && [both[0], both[1]];
}

/** Whether a value has the kind of a result; its content is not checked. */
export function isResult(value: PredictResult | undefined): value is PredictResult {
  return (
    value !== undefined && (isJoined(value) || value.kind === 'custom' || tasks.some((task) => task === value.kind))
  );
}

/** The number of objects found, for headlines and captions. */
export function countOf(result: PredictResult): number {
  const { content, found } = taskOf(result);
  const things: unknown = result[content as keyof PredictResult];
  return Array.isArray(things) ? things.length : found(result).length;
}

/** How a result is used; a result of a custom task that was read from JSON needs its task to be registered. */
export function taskOf<R extends PredictResult>(result: R): ResultDefinition<R> {
  const definition: unknown = definitionOf(result);
  return definition as ResultDefinition<R>;
}

/** How results of a kind are used; those of custom tasks differ. */
export function taskOfKind(kind: Exclude<PredictResult['kind'], 'custom'>): ResultDefinition {
  const definition: unknown = isJoinedKind(kind) ? joined[kind] : definitions[kind];
  return definition as ResultDefinition;
}

/** Results that several models make together. */
const joined = { text, table, chain: chainDefinition(taskOf) } as const;

function isJoined(result: PredictResult): result is TextResult | TableResult | ChainResult {
  return isJoinedKind(result.kind);
}

function isJoinedKind(kind: PredictResult['kind']): kind is keyof typeof joined {
  return Object.hasOwn(joined, kind);
}

function definitionOf(result: PredictResult): unknown {
  if (isJoined(result)) return joined[result.kind];
  const customTask = result.kind === 'custom' ? taskOfResult(result) : undefined;
  return taskOfModel<Task>({ task: result.kind, customTask });
}

/** The result without objects below the threshold. */
export function resultAbove(result: PredictResult, threshold: number | undefined): PredictResult {
  if (threshold === undefined) return result;
  if (result.kind === 'text-detection') {
    return { ...result, threshold, regions: result.regions.filter(({ score }) => score > threshold) };
  }
  if (result.detections === undefined) return result;
  const detections = result.detections.filter(({ score }) => score > threshold);
  return { ...result, threshold, detections } as PredictResult;
}
