import { compareTexts } from '../agreement/texts';
import { TextTaskEvaluator } from '../metrics/tasks/texts';
import { readText } from '../postprocess/text-recognition';
import type { TaskDefinition } from './task-definition';

export const textRecognition: TaskDefinition<'text-recognition'> = {
  finds: 'text',
  boxRows: false,
  content: 'text',
  read: readText,
  nouns: ['line of text', 'lines of text'],
  found: ({ text, score }) => (text === '' ? [] : [{ classId: 0, label: text, score }]),
  annotators: [],
  table: ({ text, score }) => ({
    columns: [
      { title: 'text', align: 'left' },
      { title: 'score', align: 'right' },
    ],
    rows: text === '' ? [] : [[text, score.toFixed(4)]],
  }),
  csv: ({ text, score }) => ({ columns: ['text', 'score'], rows: [[text, score]] }),
  compare: compareTexts,
  evaluator: () => new TextTaskEvaluator(),
};
