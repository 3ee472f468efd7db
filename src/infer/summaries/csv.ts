import type { PredictResult } from '../../results';
import { csvLine } from '../../text/csv';
import type { ImageRecord } from '../journal';
import { lineSummary } from './line-summary';
import { shownOf } from './shown';
import type { Summary } from './summary';

type Cell = string | number;

/** `results.csv`: a row an object, class, joint or segment; its columns follow the task. */
export const csvSummary: Summary = lineSummary('results.csv', lines);

async function* lines(records: AsyncIterable<ImageRecord>, threshold: number | undefined): AsyncGenerator<string> {
  let headed = false;
  for await (const { file, frame, time, result } of records) {
    const { heading, rows } = table(shownOf(result, threshold));
    const moving = frame !== undefined && time !== undefined;
    if (!headed) yield line(['file', ...(moving ? ['frame', 'time'] : []), ...heading]);
    headed = true;
    for (const row of rows) yield line([file, ...(moving ? [frame, time] : []), ...row]);
  }
}

const cornerNames = [1, 2, 3, 4].flatMap((corner) => [`corner${corner}_x`, `corner${corner}_y`]);

function line(cells: readonly Cell[]): string {
  return `${csvLine(cells)}\r\n`;
}

function table(result: PredictResult): { heading: readonly string[]; rows: readonly (readonly Cell[])[] } {
  switch (result.kind) {
    case 'detection':
    case 'instance-segmentation':
      return {
        heading: ['class_id', 'label', 'score', 'x1', 'y1', 'x2', 'y2'],
        rows: result.detections.map(({ classId, label, score, box }) => [classId, label, score, ...box]),
      };
    case 'rotated-detection':
      return {
        heading: ['class_id', 'label', 'score', 'x1', 'y1', 'x2', 'y2', ...cornerNames],
        rows: result.detections.map(({ classId, label, score, box, corners }) => {
          return [classId, label, score, ...box, ...corners];
        }),
      };
    case 'keypoints':
      return {
        heading: ['person', 'joint', 'x', 'y', 'score'],
        rows: result.people.flatMap(({ keypoints }, person) =>
          keypoints.map(({ x, y, score }, joint) => [person, joint, x, y, score]),
        ),
      };
    case 'semantic-segmentation':
      return {
        heading: ['class_id', 'label', 'pixels', 'fraction'],
        rows: result.segments.map(({ classId, label, area, fraction }) => [classId, label, area, fraction]),
      };
    case 'classification':
      return {
        heading: ['class_id', 'label', 'score'],
        rows: result.classes.map(({ classId, label, score }) => [classId, label, score]),
      };
    case 'tensors':
      return { heading: ['output'], rows: result.outputs.map((output) => [output]) };
    case 'custom':
      // Nothing is known of what a task of the user's found.
      return { heading: ['result'], rows: [[JSON.stringify(result)]] };
  }
}
