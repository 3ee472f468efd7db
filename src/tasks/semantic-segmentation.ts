import { comparePixels } from '../agreement/pixels';
import { classColor } from '../display/palette';
import { decodeLabelMap } from '../image/label-map';
import { PixelTaskEvaluator } from '../metrics/tasks/pixels';
import { readSegmentation } from '../postprocess/semantic-segmentation';
import type { Box, SemanticSegmentationResult } from '../results';
import type { Confusion } from '../spec/task-parts';
import type { TaskDefinition } from './task-definition';

export const semanticSegmentation: TaskDefinition<'semantic-segmentation'> = {
  finds: 'pixels',
  boxRows: false,
  content: 'segments',
  read: readSegmentation,
  nouns: ['class', 'classes'],
  found: ({ segments }) => segments.map(({ classId, label }) => ({ classId, label, score: undefined })),
  objects: ({ segments, image }, name) => {
    const box: Box = [0, 0, image.width, image.height];
    return segments.map(({ classId, mask }) => ({ classId, label: name(classId), box, mask }));
  },
  annotators: ['segmentation', 'legend'],
  table: ({ segments }) => ({
    columns: [
      { title: 'class', align: 'left' },
      ...['id', 'pixels', 'part'].map((title) => ({ title, align: 'right' as const })),
    ],
    rows: segments.map(({ classId, label, area, fraction }) => [
      label,
      String(classId),
      String(area),
      `${(100 * fraction).toFixed(1)} %`,
    ]),
    classIds: segments.map(({ classId }) => classId),
  }),
  csv: ({ segments }) => ({
    columns: ['class_id', 'label', 'pixels', 'fraction'],
    rows: segments.map(({ classId, label, area, fraction }) => [classId, label, area, fraction]),
  }),
  coco: ({ segments }, { imageId, categoryId }) =>
    segments.map(({ classId, mask }) => ({
      image_id: imageId,
      category_id: categoryId(classId),
      segmentation: mask,
    })),
  compare: comparePixels,
  confusions: confusionsOfPixels,
  evaluator: (options) => new PixelTaskEvaluator(options),
  preview: (result) => {
    const { width, height, data } = decodeLabelMap(result);
    const pixels = new Uint8Array(data.length * 3);
    data.forEach((classId, i) => {
      pixels.set(classColor(classId), i * 3);
    });
    return { width, height, data: pixels };
  },
};

function confusionsOfPixels(result: SemanticSegmentationResult, truth: SemanticSegmentationResult): Confusion[] {
  const [real, predicted] = [decodeLabelMap(truth).data, decodeLabelMap(result).data];
  const pixels = new Map<number, number>();
  real.forEach((classId, index) => {
    const key = classId * 65536 + (predicted[index] ?? 0);
    pixels.set(key, (pixels.get(key) ?? 0) + 1);
  });
  return [...pixels].map(([key, count]) => [Math.floor(key / 65536), key % 65536, count]);
}
