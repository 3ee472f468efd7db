import { compareTensors } from '../agreement/tensors';
import type { TaskDefinition } from './task-definition';

/** The meaning of the outputs is unknown. */
export const tensors: TaskDefinition<'tensors'> = {
  finds: 'own',
  boxRows: false,
  content: 'outputs',
  read: async (outputs, { threshold = 0 }) => {
    return { threshold, outputs: outputs.map(({ dtype, shape }) => `${dtype}[${shape}]`) };
  },
  nouns: ['tensor', 'tensors'],
  found: () => [],
  annotators: [],
  table: ({ outputs }) => ({
    columns: [
      { title: '', align: 'left' },
      { title: 'type and shape', align: 'right' },
    ],
    rows: outputs.map((text, i) => [`output ${i}`, text]),
  }),
  csv: ({ outputs }) => ({ columns: ['output'], rows: outputs.map((output) => [output]) }),
  compare: (baseline, { raw }) => (baseline.raw && raw ? compareTensors(baseline.raw.outputs, raw.outputs) : undefined),
};
