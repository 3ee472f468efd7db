import { compareTensors } from '../agreement/tensors';
import { readUnwarped } from '../postprocess/unwarping';
import type { UnwarpingResult } from '../results';
import type { TaskDefinition } from './task-definition';

/** A photograph of a bent page becomes a flat one. */
export const unwarping: TaskDefinition<'image-unwarping'> = {
  finds: 'own',
  boxRows: false,
  content: 'size',
  read: readUnwarped,
  nouns: ['unwarped image', 'unwarped images'],
  found: () => [{ classId: 0, label: 'unwarped image', score: undefined }],
  annotators: [],
  table: ({ size }) => ({ columns: ['width', 'height'], rows: [[size.width, size.height]] }),
  csv: ({ size }) => ({ columns: ['width', 'height'], rows: [[size.width, size.height]] }),
  compare: (baseline, result) => compareTensors([tensorOf(baseline)], [tensorOf(result)]),
  preview: ({ unwarped }) => unwarped,
};

function tensorOf({ unwarped: { width, height, data } }: UnwarpingResult): { shape: number[]; data: Uint8Array } {
  return { shape: [height, width, 3], data };
}
