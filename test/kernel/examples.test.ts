import { copyFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { docstringExamples, type Example, examplesEnvironment } from '../helpers/examples';
import { drive, emptyFolder, errorOf } from '../helpers/jupyter';
import { demoModel, projectRoot } from '../helpers/project';

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

const examples = docstringExamples();
const measures = ({ code }: Example): boolean => code.includes('compareBackends');
const reads = ({ code }: Example): boolean => /readText|readTable|loadTextReader/.test(code);

beforeAll(async () => {
  Object.assign(process.env, await examplesEnvironment());
});

// Examples that measure engines or read text start processes, and take longer than all others.
test.each([
  ['that measure engines', examples.filter(measures)],
  ['that read text', examples.filter(reads)],
  ['of everything else', examples.filter((example) => !measures(example) && !reads(example))],
])(
  'the examples of the docstrings %s compile and run as cells',
  async (_, examples) => {
    const folder = emptyFolder();
    symlinkSync(path.join(projectRoot, 'notebooks/models'), path.join(folder, 'models'));
    for (const name of ['shapes.png', 'photo.jpg', 'cat.jpg', 'page.png', 'table.png']) {
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
  },
  300_000,
);
