import { compareObjects } from '../agreement/objects';
import type { SceneObject } from '../drawing/annotators/annotator';
import { boxAround } from '../drawing/geometry';
import { TextRegionEvaluator } from '../metrics/tasks/text-regions';
import { readTextRegions } from '../postprocess/text-detection';
import type { TextDetectionResult, TextRegion } from '../results';
import { boxRecord, confusionsOfBoxes } from './box-parts';
import type { TaskDefinition } from './task-definition';

const label = 'text';

export const textDetection: TaskDefinition<'text-detection'> = {
  finds: 'objects',
  boxRows: false,
  content: 'regions',
  read: readTextRegions,
  nouns: ['region of text', 'regions of text'],
  found: ({ regions }) => regions.map(({ score }) => ({ classId: 0, label, score })),
  objects: (result) => objectsIn(result).sort((a, b) => b.score - a.score),
  annotators: ['rotatedBox'],
  table: ({ regions }) => ({
    columns: ['', 'score', 'x1', 'y1', 'x2', 'y2', 'angle'].map((title) => ({ title, align: 'right' as const })),
    rows: regions.map((region, index) => [
      ...[String(index), region.score.toFixed(2)],
      ...boxAround(region.polygon).map((value) => value.toFixed(1)),
      angleOf(region),
    ]),
  }),
  csv: ({ regions }) => ({
    columns: ['score', 'x1', 'y1', 'x2', 'y2', 'polygon'],
    rows: regions.map((region) => [region.score, ...boxAround(region.polygon), region.polygon.flat().join(' ')]),
  }),
  coco: (result, numbers) => objectsIn(result).map((object) => boxRecord(object, numbers)),
  compare: (baseline, result) => compareObjects(objectsIn(baseline), objectsIn(result)),
  confusions: (result, truth, options) => confusionsOfBoxes(objectsIn(result), objectsIn(truth), options),
  evaluator: () => new TextRegionEvaluator(),
};

function objectsIn({ regions }: TextDetectionResult): (SceneObject & { readonly score: number })[] {
  return regions.map((region) => ({
    ...{ classId: 0, label, score: region.score },
    ...{ box: boxAround(region.polygon), corners: region.polygon.flat() },
  }));
}

/** Of a line of text, clockwise; nothing for outlines of any shape. */
function angleOf({ polygon }: TextRegion): string {
  const [[x1, y1] = [0, 0], [x2, y2] = [0, 0]] = polygon;
  return polygon.length === 4 ? `${((Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI).toFixed(1)}°` : '';
}
