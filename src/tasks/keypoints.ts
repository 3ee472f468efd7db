import { compareJoints } from '../agreement/joints';
import { objectEvaluator } from '../metrics/tasks/objects';
import { readKeypoints } from '../postprocess/keypoints';
import type { TaskDefinition } from './task-definition';

const label = 'person';

export const keypoints: TaskDefinition<'keypoints'> = {
  finds: 'people',
  boxRows: false,
  content: 'people',
  read: readKeypoints,
  nouns: ['person', 'people'],
  found: ({ people }) => people.map(({ score }) => ({ classId: 0, label, score })),
  objects: ({ people }) => people.map(({ score, box, keypoints }) => ({ classId: 0, label, score, box, keypoints })),
  annotators: ['skeleton'],
  table: ({ people }) => ({
    columns: [{ title: 'joint', align: 'left' }, ...numberColumns],
    rows: people.flatMap(({ keypoints }, person) =>
      keypoints.map(({ x, y, score }, joint) => [`${person}.${joint}`, x.toFixed(1), y.toFixed(1), score.toFixed(2)]),
    ),
  }),
  csv: ({ people }) => ({
    columns: ['person', 'joint', 'x', 'y', 'score'],
    rows: people.flatMap(({ keypoints }, person) =>
      keypoints.map(({ x, y, score }, joint) => [person, joint, x, y, score]),
    ),
  }),
  coco: ({ people }, { imageId, categoryId }) =>
    people.map(({ keypoints, score }) => ({
      image_id: imageId,
      category_id: categoryId(0),
      keypoints: keypoints.flatMap((joint) => [joint.x, joint.y, joint.score]),
      score,
    })),
  evaluator: (options) =>
    objectEvaluator('people', options, ({ people }) => people.map((person) => ({ ...person, classId: 0 }))),
  compare: (baseline, { people }) => compareJoints(baseline.people, people),
};

const numberColumns = ['x', 'y', 'score'].map((title) => ({ title, align: 'right' as const }));
