import { copyFileSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { makeFolder } from '../helpers/folders';
import { drive, emptyFolder, errorOf } from '../helpers/jupyter';
import { demoModel, projectRoot } from '../helpers/project';

interface Example {
  readonly place: string;
  readonly code: string;
}

/** Every `@example` of the sources, as code. */
function findExamples(): Example[] {
  const files = readdirSync(path.join(projectRoot, 'src'), { recursive: true, encoding: 'utf8' });
  return files
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.join('src', name))
    .flatMap((file) => {
      const text = readFileSync(path.join(projectRoot, file), 'utf8');
      return [...text.matchAll(/@example\n((?: *\*.*\n)+?) *(?:\*\/|\* @)/g)].map((match) => ({
        place: `${file}:${text.slice(0, match.index).split('\n').length}`,
        code: (match[1] as string).replace(/^ *\* ?/gm, ''),
      }));
    });
}

/** The names that examples assume. */
const preamble = `
  import { type Annotator, findRuntime, PaddleLabError, withModel } from 'paddlelab';
  const model = await loadModel('models/shapes_det_picodet', { engine: 'plain' });
  const result = await predict(model, 'shapes.png');
  const picture = await visualize('shapes.png', result);`;

/** Created again before each example that uses them, because examples dispose them. */
const fresh = `
  const config = new paddle.Config('model.pdmodel', 'model.pdiparams');
  config.disableOnednn();
  const predictor = await paddle.createPredictor(config, { trial: false });
  const inputs = [{
    image: { shape: [1, 3, 256, 256], data: new Float32Array(3 * 256 * 256) },
    scale_factor: { shape: [1, 2], data: new Float32Array([1, 1]) },
  }];`;

const examples = findExamples();
const measures = ({ code }: Example): boolean => code.includes('compareBackends');

beforeAll(() => {
  // Names of official models give the demo model, without a network.
  process.env.PADDLELAB_MODELS = makeFolder();
  process.env.PADDLELAB_MODEL_SOURCE = makeFolder();
  symlinkSync(demoModel('shapes_det_picodet'), path.join(process.env.PADDLELAB_MODEL_SOURCE, 'PicoDet-S'));
});

// Examples that measure engines start processes, and take longer than all others.
test.each([
  ['that measure engines', examples.filter(measures)],
  ['of everything else', examples.filter((example) => !measures(example))],
])('the examples of the docstrings %s compile and run as cells', async (_, examples) => {
  const folder = emptyFolder();
  symlinkSync(path.join(projectRoot, 'notebooks/models'), path.join(folder, 'models'));
  for (const name of ['shapes.png', 'photo.jpg', 'cat.jpg']) {
    copyFileSync(path.join(projectRoot, 'notebooks/images/shapes.png'), path.join(folder, name));
  }
  const truth = path.join(projectRoot, 'notebooks/data/shapes.coco.json');
  copyFileSync(truth, path.join(folder, 'shapes.coco.json'));
  for (const name of ['model.pdmodel', 'model.pdiparams']) {
    copyFileSync(path.join(demoModel('shapes_det_picodet'), name), path.join(folder, name));
  }
  expect(examples.length).toBeGreaterThan(1);
  const steps = examples.map(({ code }) => (/\b(predictor|config|inputs)\b/.test(code) ? [fresh, code] : [code]));
  const [prepared, ...ran] = await drive([preamble, ...steps.flat()], folder);
  expect(errorOf(prepared)).toBeUndefined();
  // The last cell of each example's steps is the example.
  const results = steps.map((cells) => ran.splice(0, cells.length).at(-1));
  const failures = results.flatMap((result, i) => {
    const error = errorOf(result);
    return error === undefined ? [] : [`${examples[i]?.place}: ${error.evalue}\n${examples[i]?.code}`];
  });
  expect(failures).toEqual([]);
});
