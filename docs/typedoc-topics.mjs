// Groups the API by topic: the folder that declares a name decides, so that a new export needs no tag.
import { Comment, CommentTag, Converter, ReflectionKind } from 'typedoc';

/** Path of a folder or file below `src/`, and its topic; the first that fits counts. */
const topics = [
  ['index', 'Paddle runtimes and inference'],
  ['infer', 'Predicting'],
  ['inference', 'Paddle runtimes and inference'],
  ['runtime', 'Paddle runtimes and inference'],
  ['errors', 'Errors'],
  ['model-io', 'Models'],
  ['model', 'Models'],
  ['hub', 'Models by name'],
  ['backends', 'Backends'],
  ['serve', 'Serving models'],
  ['predict', 'Predicting'],
  ['pipelines', 'Predicting'],
  ['chain', 'Predicting'],
  ['results', 'Predicting'],
  ['results-coco', 'Predicting'],
  ['read-results', 'Predicting'],
  ['ocr', 'Reading text'],
  ['fonts', 'Fonts'],
  ['image/masks', 'Objects and masks'],
  ['image', 'Images'],
  ['visualize', 'Pictures'],
  ['drawing', 'Pictures'],
  ['display/palette', 'Pictures'],
  ['video', 'Video'],
  ['tracking', 'Video'],
  ['zones', 'Video'],
  ['objects', 'Objects and masks'],
  ['plot', 'Charts'],
  ['compare', 'Comparing backends'],
  ['agreement', 'Comparing backends'],
  ['evaluate', 'Evaluating'],
  ['metrics', 'Evaluating'],
  ['datasets', 'Evaluating'],
  ['ground-truth', 'Evaluating'],
  ['spec', 'Own tasks and operators'],
  ['tasks', 'Own tasks and operators'],
  ['preprocess', 'Own tasks and operators'],
  ['yaml', 'Own tasks and operators'],
  ['native', 'Own tasks and operators'],
  ['layouts', 'Own tasks and operators'],
  ['notebook', 'In a notebook'],
  ['display', 'In a notebook'],
  ['text', 'In a notebook'],
];

function topicOf(reflection, app) {
  const inside = reflection.sources?.[0]?.fileName.replace(/^.*?src\//, '') ?? '';
  const topic = topics.find(([folder]) => inside === `${folder}.ts` || inside.startsWith(`${folder}/`))?.[1];
  if (topic === undefined) app.logger.warn(`${reflection.name} of ${inside} has no topic in docs/typedoc-topics.mjs`);
  return topic ?? 'Other';
}

function setTopic(reflection, topic) {
  // The comment of a function belongs to its signatures.
  for (const documented of reflection.signatures ?? [reflection]) {
    documented.comment ??= new Comment();
    documented.comment.blockTags.push(new CommentTag('@category', [{ kind: 'text', text: topic }]));
  }
  for (const child of reflection.kindOf(ReflectionKind.Namespace) ? (reflection.children ?? []) : []) setTopic(child, topic);
}

/** How values are shown is not called by users. */
const displays = ['[jupyterDisplay]', '[inspectCustom]'];

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context) => {
    const shown = context.project
      .getReflectionsByKind(ReflectionKind.Method)
      .filter(({ name, parent }) => displays.includes(name) && parent?.name !== 'Displayable');
    for (const reflection of shown) context.project.removeReflection(reflection);
    for (const reflection of context.project.children ?? []) setTopic(reflection, topicOf(reflection, app));
  });
}
