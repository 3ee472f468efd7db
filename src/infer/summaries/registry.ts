import { writeCoco } from './coco';
import { writeCsv } from './csv';
import { writeJsonl } from './jsonl';
import type { SummaryWriter } from './summary-writer';

/** What can be written about all images. */
export const summaries = {
  coco: writeCoco,
  jsonl: writeJsonl,
  csv: writeCsv,
} satisfies Record<string, SummaryWriter>;

export type SummaryName = keyof typeof summaries;
