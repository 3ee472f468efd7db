import path from 'node:path';
import { compareClasses } from '../agreement/classes';
import { ClassTaskEvaluator } from '../metrics/tasks/classes';
import { readClasses } from '../postprocess/classification';
import { fixed, pythonList } from '../text/python-format';
import type { TaskDefinition } from './task-definition';

export const classification: TaskDefinition<'classification'> = {
  finds: 'classes',
  boxRows: false,
  content: 'classes',
  read: readClasses,
  nouns: ['class', 'classes'],
  found: ({ classes }) => classes,
  annotators: ['topClasses'],
  table: ({ classes }) => ({
    columns: [
      { title: 'class', align: 'left' },
      { title: 'id', align: 'right' },
      { title: 'score', align: 'right' },
    ],
    rows: classes.map(({ classId, label, score }) => [label, String(classId), score.toFixed(4)]),
  }),
  csv: ({ classes }) => ({
    columns: ['class_id', 'label', 'score'],
    rows: classes.map(({ classId, label, score }) => [classId, label, score]),
  }),
  compare: (baseline, { classes }) => compareClasses(baseline.classes, classes),
  confusions: (result, truth) => [[truth.classes[0]?.classId, result.classes[0]?.classId, 1]],
  evaluator: (options) => new ClassTaskEvaluator(options),
  scriptLines: ({ classes }, { file, configured }) => {
    const [best] = classes;
    // The tutorial of MobileNetV3 has a folder without any configuration, and prints only the best class.
    if (!configured) return [`image_name: ${file}, class_id: ${best?.classId}, prob: ${best?.score}`];
    const ids = classes.map(({ classId }) => classId).join(', ');
    const scores = classes.map(({ score }) => fixed(score, 2)).join(', ');
    const names = pythonList(classes.flatMap(({ label }) => (label === '' ? [] : [label])));
    return [`${path.basename(file)}:\tclass id(s): [${ids}], score(s): [${scores}], label_name(s): ${names}`];
  },
};
