import { compareObjects } from '../agreement/objects';
import { compareTensors } from '../agreement/tensors';
import type { ResultTable } from '../display/result-table';
import type { AnnotatorName } from '../drawing/annotators/annotators';
import { PaddleLabError } from '../errors';
import { objectEvaluator } from '../metrics/tasks/objects';
import type { CustomResult } from '../results';
import type { CustomTask } from '../spec/spec';
import { boxRecord, boxTable, confusionsOfBoxes, csvColumns, labelsOf } from './box-parts';
import type { TaskDefinition } from './task-definition';

type OwnDefinition = TaskDefinition<'custom'>;

/** The definition of a custom task: its own parts, and defaults for the others. */
export function ownDefinition(task: CustomTask): OwnDefinition {
  const { nouns, table, csv, found, compare } = task;
  const boxes = task.objects === undefined ? undefined : partsOfBoxes(task.objects.bind(task));
  return {
    finds: boxes === undefined ? 'own' : 'objects',
    boxRows: false,
    content: 'content',
    read: async (outputs, context) => ({
      threshold: context.threshold ?? 0,
      task: task.name,
      content: await task.read(outputs, context),
    }),
    nouns: nouns ?? ['object', 'objects'],
    ...boxes,
    found: found?.bind(task) ?? boxes?.found ?? (() => []),
    annotators: task.annotators ?? (boxes === undefined ? [] : boxAnnotators),
    table: table?.bind(task) ?? boxes?.table ?? (() => noTable),
    csv: csv?.bind(task) ?? table?.bind(task) ?? boxes?.csv ?? wholeResult,
    ...(task.coco === undefined ? {} : { coco: task.coco.bind(task) }),
    compare: compare?.bind(task) ?? boxes?.compare ?? compareOutputsOf,
    ...(task.confusions === undefined ? {} : { confusions: task.confusions.bind(task) }),
    ...(task.evaluator === undefined ? {} : { evaluator: task.evaluator.bind(task) }),
  };
}

/** For a result whose task is unknown: read from a file, and its task is not registered. */
export const unknownTask: CustomTask = {
  name: 'custom',
  read: () => {
    throw new PaddleLabError('MODEL_UNSUPPORTED', 'Expected a model with a custom task');
  },
};

const boxAnnotators: readonly AnnotatorName[] = ['mask', 'box', 'label'];

type BoxPart = 'objects' | 'found' | 'table' | 'csv' | 'coco' | 'compare' | 'confusions' | 'evaluator';

/** Defaults based on the objects, as for detectors. */
function partsOfBoxes(objects: NonNullable<CustomTask['objects']>): Required<Pick<OwnDefinition, BoxPart>> {
  const of = (result: CustomResult) => objects(result, labelsOf(result));
  return {
    objects,
    found: (result) => of(result).map(({ classId, label, score }) => ({ classId, label, score })),
    table: (result) => boxTable(of(result)),
    csv: (result) => ({
      columns: csvColumns,
      rows: of(result).map(({ classId, label, score, box }) => [classId, label, score ?? '', ...box]),
    }),
    coco: (result, numbers) => of(result).map((item) => boxRecord(item, numbers)),
    compare: (baseline, result) => compareObjects(of(baseline), of(result)),
    confusions: (result, truth, options) => confusionsOfBoxes(of(result), of(truth), options),
    evaluator: (options) => objectEvaluator('boxes', options, of),
  };
}

/** The content can't be interpreted; a prompt shows it as text. */
const noTable: ResultTable = { columns: [], rows: [] };

/** In a file nothing is lost. */
function wholeResult(result: CustomResult): ResultTable {
  return { columns: ['result'], rows: [[JSON.stringify(result)]] };
}

/** The contents can't be compared, but the tensors can. */
function compareOutputsOf(baseline: CustomResult, { raw }: CustomResult): ReturnType<OwnDefinition['compare']> {
  return baseline.raw && raw ? compareTensors(baseline.raw.outputs, raw.outputs) : undefined;
}
