import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as lab from '../src';
import { externalKinds } from '../src/backends/external/external-runtimes';
import { annotators } from '../src/drawing/annotators/annotators';
import { demoModel, goldenImage, projectRoot } from './helpers/project';
import { publicOptions } from './helpers/public-options';
import { detection, detectionResult, paintImage } from './visualize/scene';

const image = paintImage(64, 48);
const result = detectionResult(64, 48, [detection(0, 0.9, [5, 5, 30, 30])]);
const folder = demoModel('shapes_cls_mbv3s');
const valData = path.join(projectRoot, 'notebooks/data/val.coco.json');
let model: lab.AnyModel;
let predictor: lab.Predictor;

beforeAll(async () => {
  model = await lab.loadModel(folder, { engine: 'plain', trial: false });
  const { program, params } = model.spec.files;
  predictor = await lab.createPredictor(new lab.Config(program, params), { trial: false });
});

afterAll(async () => {
  await model?.dispose();
  await predictor?.dispose();
});

type Call = (options: object) => unknown;

const first = (items: AsyncIterable<unknown>): Promise<unknown> => items[Symbol.asyncIterator]().next();
const config = (): lab.Config => new lab.Config();

/** How to pass options to each place of the public API. A new place needs a line here; the test below checks that. */
const calls: Readonly<Record<string, Call>> = {
  'paddle.Config#enableXpu': (options) => config().enableXpu(options),
  'paddle.Config#setIpuConfig': (options) => config().setIpuConfig(options),
  'paddle.Config#enableTensorrtEngine': (options) => config().enableTensorrtEngine(options),
  'paddle.createPredictor': (options) => lab.createPredictor(config(), options),
  'paddle.convertToMixedPrecision': (options) =>
    lab.convertToMixedPrecision('a', 'b', 'c', 'd', 'fp16', 'gpu', options),
  'paddle.Predictor#run': (options) => predictor.run({}, options),
  'paddle.Predictor#timeRuns': (options) => predictor.timeRuns([], options),
  'paddle.PredictorPool.create': (options) => lab.PredictorPool.create(config(), 1, options),
  'paddle.findRuntime': lab.findRuntime,
  'paddle.installRuntime': lab.installRuntime,
  'paddle.listRuntimes': lab.listRuntimes,
  'paddle.removeRuntime': (options) => lab.removeRuntime('0.0.0', options),
  evaluate: (options) => lab.evaluate(model as lab.Model, valData, options),
  watchRun: (options) => lab.watchRun('found', options),
  'evaluate.dataset': (options) => lab.evaluate(model as lab.Model, valData, { dataset: options }),
  'EvaluationReport#worstImages': (options) => evaluation().worstImages(options),
  compareBackends: (options) => lab.compareBackends(folder, image, options),
  recommend: (options) => lab.recommend(report(), options),
  readGroundTruth: (options) => lab.readGroundTruth('truth.json', options),
  openDataset: (options) => lab.openDataset('coco.json', options),
  truthAsResult: (options) =>
    lab.truthAsResult({ kind: 'classes', classIds: [] }, { size: { width: 1, height: 1 }, ...options }),
  loadModel: (options) => lab.loadModel(folder, options),
  'loadModel.backend': (options) => lab.loadModel(folder, { backend: { engine: 'plain', ...options } }),
  'loadModel.backend.tensorrt': (options) =>
    lab.loadModel(folder, { backend: { device: 'gpu', engine: 'plain', tensorrt: options } }),
  'loadModel.backend.tls': (options) =>
    lab.loadModel(folder, { backend: { kind: 'open-inference', url: 'http://host', model: 'name', tls: options } }),
  'loadModel.tensorrt': (options) => lab.loadModel(folder, { tensorrt: options }),
  withModel: (options) => lab.withModel(folder, async () => undefined, options),
  'withModel.backend': (options) => lab.withModel(folder, async () => undefined, { backend: { ...options } as object }),
  'withModel.backend.tensorrt': (options) =>
    lab.withModel(folder, async () => undefined, { backend: { tensorrt: options } as object }),
  'withModel.backend.tls': (options) =>
    lab.withModel(folder, async () => undefined, {
      backend: { kind: 'open-inference', url: 'http://host', model: 'name', tls: options },
    }),
  'withModel.tensorrt': (options) => lab.withModel(folder, async () => undefined, { tensorrt: options }),
  serve: (options) => lab.serve(folder, { port: 0, ...options }),
  'serve.load': (options) => lab.serve(folder, { port: 0, load: options }),
  'serve.load.backend': (options) => lab.serve(folder, { port: 0, load: { backend: { ...options } as object } }),
  'serve.load.backend.tensorrt': (options) =>
    lab.serve(folder, { port: 0, load: { backend: { tensorrt: options } as object } }),
  'serve.load.backend.tls': (options) =>
    lab.serve(folder, {
      port: 0,
      load: { backend: { kind: 'open-inference', url: 'http://host', model: 'name', tls: options } },
    }),
  'serve.tls': (options) => lab.serve(folder, { port: 0, tls: options as never }),
  'serve.load.tensorrt': (options) => lab.serve(folder, { port: 0, load: { tensorrt: options } }),
  'Model#postprocess': (options) => model.postprocess([], { image: { width: 1, height: 1 }, ...options }),
  readText: (options) => lab.readText(image, options),
  'readText.tiles': (options) => lab.readText(image, { tiles: options }),
  'readTextStream.tiles': (options) => first(lab.readTextStream([], { tiles: options })),
  readTextStream: (options) => first(lab.readTextStream([], options)),
  readTable: (options) => lab.readTable(image, options),
  loadTextReader: (options) => lab.loadTextReader(options),
  loadPipeline: (options) => lab.loadPipeline('http://127.0.0.1:1', options),
  'loadPipeline.tls': (tls) => lab.loadPipeline('http://127.0.0.1:1', { tls }),
  'fonts.pull': (options) => lab.fonts.pull('thai', options),
  'models.list': lab.models.list,
  'models.pull': (options) => lab.models.pull('PicoDet-S', options),
  'models.search': (options) => lab.models.search('layout', options),
  progress: (options) => lab.progress(1, options),
  'widgets.button': lab.widgets.button,
  'widgets.checkbox': lab.widgets.checkbox,
  'widgets.dropdown': (options) => lab.widgets.dropdown({ options: ['a'], ...options }),
  'widgets.player': lab.widgets.player,
  'widgets.progress': lab.widgets.progress,
  'widgets.slider': lab.widgets.slider,
  'widgets.upload': lab.widgets.upload,
  plotConfusionMatrix: (options) => lab.plotConfusionMatrix(result, result, options),
  plotPrecisionRecall: (options) => lab.plotPrecisionRecall(result, result, options),
  plotResult: (options) => lab.plotResult(image, result, options),
  plotScores: (options) => lab.plotScores(result, options),
  predict: (options) => lab.predict(model, goldenImage('shapes.png'), options),
  predictSlices: (options) => lab.predictSlices(model as lab.Model<'detection'>, image, options),
  predictStream: (options) => first(lab.predictStream(model, [image], options)),
  toCoco: (options) => lab.toCoco(result, options),
  createTracker: (options) => lab.createTracker('bytetrack', options),
  chain: (options) => lab.chain(async () => result as never, { then: async () => result, ...options }),
  createZone: (options) => lab.createZone({ kind: 'line', from: [0, 0], to: [1, 1] }, options),
  'LineZone#update': (options) => lab.createZone({ kind: 'line', from: [0, 0], to: [1, 1] }).update([], options),
  'PolygonZone#update': (options) =>
    lab
      .createZone({
        kind: 'polygon',
        points: [
          [0, 0],
          [1, 0],
          [1, 1],
        ],
      })
      .update([], options),
  createSmoother: (options) => lab.createSmoother(options),
  filterObjects: (options) => lab.filterObjects([], options),
  mergeObjects: (options) => lab.mergeObjects([], options),
  nms: (options) => lab.nms([], options),
  parseCocoResults: (options) => lab.parseCocoResults([], options),
  parseSupervision: (options) => lab.parseSupervision([], { size: { width: 1, height: 1 }, ...options }),
  parseUltralytics: (options) => lab.parseUltralytics([], { size: { width: 1, height: 1 }, ...options }),
  parseUltralyticsLabels: (options) => lab.parseUltralyticsLabels('', { size: { width: 1, height: 1 }, ...options }),
  track: (options) => first(lab.track(model as unknown as lab.Model<'detection'>, [image], options)),
  toMot: (options) => lab.toMot([], options),
  previewVideo: (options) => lab.previewVideo(model as lab.Model, 'street.mp4', options),
  'previewVideo.visualize': (options) => lab.previewVideo(model as lab.Model, 'street.mp4', { visualize: options }),
  readFrames: (options) => first(lab.readFrames('street.mp4', options)),
  visualizeVideo: (options) => lab.visualizeVideo(model as lab.Model, [], options),
  'visualizeVideo.visualize': (options) => lab.visualizeVideo(model as lab.Model, [], { visualize: options }),
  visualizeBesideTruth: (options) => lab.visualizeBesideTruth(image, result, result, options),
  visualizeDifference: (options) => lab.visualizeDifference(image, result, result, options),
  gallery: (options) => lab.gallery([image], options),
  sideBySide: (options) => lab.sideBySide([image, image], options),
  slider: (options) => lab.slider(image, image, options),
  visualize: (options) => lab.visualize(image, result, options),
  'new ObjectHistory': (options) => new lab.ObjectHistory(options),
};

/** Objects with external members. */
const foreign: readonly RegExp[] = [
  /^new PaddleLabError$/, // what Error itself takes
  /^new Figure/, // a layout of Plotly
];

/** Places that can't be found through TypeScript: objects in lists, and definitions. */
const others: readonly (readonly [name: string, key: string, call: Call])[] = [
  ...Object.keys(annotators).map((kind): [string, string, Call] => [
    `annotator ${kind}`,
    'sizze',
    (options) => lab.visualize(image, result, { annotators: [{ kind, ...options } as lab.AnnotatorChoice] }),
  ]),
  ...Object.keys(externalKinds).map((kind): [string, string, Call] => [
    `backend ${kind}`,
    'nname',
    (options) => lab.compareBackends(folder, image, { backends: [{ kind, name: 'x', ...options } as lab.Backend] }),
  ]),
  ['createTracker', 'maxAgee', (options) => lab.createTracker('oc-sort', options)],
  ['createTracker', 'maxAge', (options) => lab.createTracker('bot-sort', options)],
  // A figure does not have `visualize`'s legend, style and annotators.
  ['plotResult', 'legend', (options) => lab.plotResult(image, result, options)],
  ['backend', 'enginee', (options) => lab.compareBackends(folder, image, { backends: [{ name: 'x', ...options }] })],
  [
    'registerTask',
    'architecture',
    (options) => lab.registerTask({ name: 'x', read: () => 0, ...options } as lab.CustomTask),
  ],
  [
    'task',
    'displayy',
    (options) => lab.loadModel(folder, { task: { name: 'x', read: () => 0, ...options } as lab.CustomTask }),
  ],
  [
    'registerOperator',
    'typee',
    (options) =>
      lab.registerOperator('PaddleSeg', {
        ...{ type: 'X', keys: [], read: () => ({ type: 'X', parameters: {}, transform: (pixels) => pixels }) },
        ...options,
      } as lab.PreprocessOperator),
  ],
];

function evaluation(): lab.EvaluationReport {
  const figures = { figures: [{ name: 'AP', meaning: '', value: 1 }], classColumns: [], classes: [] } as const;
  return new lab.EvaluationReport(figures, { labels: [] } as never, undefined, [], []);
}

function report(): lab.BackendReport {
  return new lab.BackendReport([], { confidence: 0.95 } as never, 'plain');
}

async function refusal(call: Call, key: string): Promise<unknown> {
  return Promise.resolve()
    .then(() => call({ [key]: 1 }))
    .then(
      () => 'taken',
      (error: unknown) => error,
    );
}

describe('an unknown option is refused, and the nearest one is suggested', () => {
  const places = publicOptions().filter(({ name }) => !foreign.some((pattern) => pattern.test(name)));

  test('every place of the public API with options is tested', () => {
    expect(Object.keys(calls).sort()).toEqual(places.map(({ name }) => name).sort());
  });

  test.each(places)('$name', async ({ name, keys: [key = ''] }) => {
    const error = await refusal(calls[name] as Call, `${key}x`);
    expect(error).toMatchObject({ code: 'UNKNOWN_OPTION' });
    expect((error as Error).message).toMatch(new RegExp(`^Unknown option "${key}x" for .+; did you mean "`));
  });

  test.each(others)('%s', async (_, key, call) => {
    const error = await refusal(call, key);
    expect(error).toMatchObject({ code: 'UNKNOWN_OPTION' });
    expect((error as Error).message).toMatch(new RegExp(`^Unknown option "${key}" for .+; (did you mean|known: )`));
  });
});
