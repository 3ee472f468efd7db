import path from 'node:path';
import { PaddleLabError } from '../../errors';
import type { CocoObject } from '../../metrics/coco/records';
import type { ImageRecord } from '../../predict/result-journal';
import { toCoco } from '../../results-coco';
import type { ScriptFile } from '../../tasks/task-definition';
import { taskOf } from '../../tasks/tasks';
import { writeLines } from './line-file';
import type { Summary, SummaryOptions } from './summary';

/** COCO numbers its 80 classes from 1 to 90 and skips these. */
const unused = [12, 26, 29, 30, 45, 66, 68, 69, 71, 83];
const cocoIds = Array.from({ length: 90 }, (_, i) => i + 1).filter((id) => !unused.includes(id));

/**
 * `bbox.json` and `mask.json` as in PaddleDetection's `--save_results`, each only if it has content; `results.json` for
 * other tasks supported by COCO's format. Padding rows are omitted. The `image_id` of a video's frame is its number,
 * from 0.
 */
export const cocoSummary: Summary = {
  files: ['bbox.json', 'mask.json', 'results.json'],
  refuses: ({ name, definition }) =>
    definition.coco === undefined
      ? `COCO's format does not support results of the task "${name}"; use --save jsonl or csv`
      : undefined,
  write: writeCoco,
};

type CocoFile = ScriptFile | 'results';

async function writeCoco(
  records: () => AsyncIterable<ImageRecord>,
  { folder, cocoCategories }: SummaryOptions,
): Promise<string[]> {
  const written: string[] = [];
  for (const name of await filesFor(records())) {
    const rows = allRows(records(), name, cocoCategories);
    const first = await rows.next();
    if (first.done) continue;
    const file = path.join(folder, `${name}.json`);
    await writeLines(file, listOf(first.value, rows));
    written.push(file);
  }
  return written;
}

/** All results of a run are of the same kind. */
async function filesFor(records: AsyncIterable<ImageRecord>): Promise<readonly CocoFile[]> {
  for await (const { result } of records) {
    const { scriptFiles } = taskOf(result);
    return scriptFiles === undefined ? ['results'] : (Object.keys(scriptFiles) as ScriptFile[]);
  }
  return [];
}

/** The rows of one file, as JSON, one at a time. */
async function* allRows(
  records: AsyncIterable<ImageRecord>,
  file: CocoFile,
  cocoCategories: boolean,
): AsyncGenerator<string, void, undefined> {
  let index = 0;
  for await (const record of records) {
    const imageId = record.frame ?? (cocoCategories ? idOf(record) : index++);
    for (const row of rowsOf(record, file, imageId, cocoCategories)) yield JSON.stringify(row);
  }
}

function rowsOf({ name, result }: ImageRecord, file: CocoFile, imageId: number, cocoCategories: boolean): object[] {
  const records = toCoco(result, { imageId, ...(cocoCategories ? { categoryIds: cocoIds } : {}) });
  if (file === 'results') return records.map((record) => ({ ...record, file_name: name }));
  const rowOf = taskOf(result).scriptFiles?.[file];
  return (records as CocoObject[]).flatMap((record): object[] => {
    const { image_id, category_id } = record;
    const row = rowOf?.(record);
    return row === undefined ? [] : [{ image_id, category_id, file_name: name, ...row }];
  });
}

function idOf({ name }: ImageRecord): number {
  const { name: stem } = path.parse(name);
  if (/^\d+$/.test(stem)) return Number(stem);
  throw new PaddleLabError(
    'INVALID_ARGUMENT',
    `Expected image names that are COCO's numbers for --use-coco-category but received "${name}"`,
  );
}

async function* listOf(first: string, others: AsyncIterable<string>): AsyncGenerator<string> {
  yield `[${first}`;
  for await (const row of others) yield `, ${row}`;
  yield ']';
}
