import { compareObjects } from '../agreement/objects';
import type { SceneObject } from '../drawing/annotators/annotator';
import type { ChainedObject, ChainResult, Person, PredictResult } from '../results';
import { boxRecord, boxTable, csvColumns, labelsOf, shownLabel } from './box-parts';
import type { ResultDefinition } from './task-definition';

/** So many findings of an object are named in tables and pictures. */
const mostNamed = 3;

/**
 * Objects with results of their own: no model's own task, but what two models find one after the other.
 *
 * @param taskOf how the results of the second model are used
 */
export function chainDefinition(taskOf: (result: PredictResult) => ResultDefinition): ResultDefinition<ChainResult> {
  const summary = ({ result }: ChainedObject, most: number): string => {
    if (result === undefined) return '';
    if (result.kind === 'keypoints') return jointsText(result.people);
    if (result.kind === 'text' || result.kind === 'text-recognition') return result.text;
    const found = taskOf(result).found(result);
    // A list of the best classes has no threshold: only its first is meant.
    const meant = result.kind === 'classification' && result.threshold === 0 ? found.slice(0, 1) : found;
    const names = meant.map(({ label }) => label);
    const shown = names.slice(0, most).join(', ');
    return names.length > most ? `${shown} and ${names.length - most} more` : shown;
  };
  /** Objects found in an object are drawn by themselves; what else was found is in its label. */
  const partsOf = (result: PredictResult): readonly SceneObject[] => {
    return isNamed(result) || result.kind === 'keypoints'
      ? []
      : (taskOf(result).objects?.(result, labelsOf(result)) ?? []);
  };
  const drawn = (item: ChainedObject, result: ChainResult, name: (classId: number) => string): SceneObject[] => {
    const { result: own, ...object } = item;
    const label = shownLabel(item, result, name);
    if (own === undefined) return [{ ...object, label }];
    const text = isNamed(own) ? summary(item, mostNamed).replaceAll('\n', ' ') : '';
    const [person] = own.kind === 'keypoints' ? own.people : [];
    const joints = person === undefined ? {} : { keypoints: person.keypoints };
    return [{ ...object, label: text === '' ? label : `${label}: ${text}`, ...joints }, ...partsOf(own)];
  };
  return {
    finds: 'own',
    content: 'detections',
    nouns: ['detection', 'detections'],
    found: ({ detections }) => detections,
    objects: (result, name) => result.detections.flatMap((item) => drawn(item, result, name)),
    annotators: ['mask', 'box', 'skeleton', 'label'],
    table: ({ detections }) => {
      const { columns, rows, ...rest } = boxTable(detections.map(({ result: _, ...object }) => object));
      return {
        ...rest,
        columns: [...columns, { title: 'in it', align: 'left' }],
        rows: rows.map((row, i) => [...row, summary(detections[i] as ChainedObject, mostNamed).replaceAll('\n', ' ')]),
      };
    },
    csv: ({ detections }) => ({
      columns: [...csvColumns, 'in_it', 'scores_in_it'],
      rows: detections.map((item) => {
        const { classId, label, score, box, result } = item;
        const scores =
          result === undefined
            ? []
            : taskOf(result)
                .found(result)
                .map((one) => one.score ?? '');
        return [classId, label, score, ...box, summary(item, Number.POSITIVE_INFINITY), scores.join(' ')];
      }),
    }),
    coco: ({ detections }, numbers) => {
      return detections.map((item) => {
        const { result, ...object } = item;
        const record = boxRecord(object, numbers);
        const [person] = result?.kind === 'keypoints' ? result.people : [];
        if (person === undefined) return record;
        return { ...record, keypoints: person.keypoints.flatMap(({ x, y, score }) => [x, y, score]) };
      });
    },
    compare: (baseline, { detections }) => compareObjects(baseline.detections, detections),
  };
}

function jointsText(people: readonly Person[]): string {
  const [only] = people;
  if (only === undefined || people.length > 1) return `${people.length} people`;
  return only.keypoints.length === 1 ? '1 joint' : `${only.keypoints.length} joints`;
}

/** Whether what was found is a text or the name of a class, without a place of its own. */
function isNamed({ kind }: PredictResult): boolean {
  return kind === 'classification' || kind === 'text' || kind === 'text-recognition';
}
