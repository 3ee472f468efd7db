import path from 'node:path';
import { type Dataset, isDataset } from '../datasets/dataset';
import { openDataset } from '../datasets/open-dataset';
import type { DatasetOptions } from '../datasets/source';
import { currentCellSignal } from '../display/live-output';
import { progressOutput } from '../display/progress-output';
import { PaddleLabError } from '../errors';
import { refuseReplacing } from '../files/replacing';
import type { ModelName } from '../hub/catalogue/official-models';
import { type AnyModel, loadModel } from '../model/load-model';
import { Model } from '../model/model';
import { TextReader } from '../ocr/text-reader';
import {
  abortSignal,
  boolean,
  callback,
  checkedLater,
  integer,
  type OptionChecks,
  oneOf,
  readOptions,
  text,
} from '../options';
import { packageVersion } from '../package-root';
import { canResume, Journal, journalNames, noJournal, type RunJournal } from '../predict/result-journal';
import { throwIfAborted } from '../validate';
import type { ClassMapping } from './class-map';
import { type EvaluationRun, evaluateImages, type PredictImages, predicting } from './evaluate-model';
import { type EvaluationPlan, type Metric, planEvaluation } from './evaluation-plan';
import { bootstrap } from './interval';
import { planReading, readerFolders, readerName, readingPages } from './read-pages';
import { EvaluationReport } from './report';
import type { EvaluationFacts } from './report-data';

/** How far an evaluation is. */
export interface EvaluateStep {
  /** Images that are done, also those of a resumed run. */
  readonly done: number;
  readonly images: number;
  /** Estimated from the images so far; undefined at the beginning. */
  readonly secondsLeft: number | undefined;
}

/** Options of `evaluate`. */
export interface EvaluateOptions {
  /** How the data set is opened, as in `openDataset`. */
  readonly dataset?: DatasetOptions;
  /**
   * How classes of the data set become those of the model: `names` (default; each class must be a label of the model),
   * `order`, or pairs `{ datasetName: modelLabel }` for names that differ, with `null` to leave a class out.
   */
  readonly classes?: ClassMapping;
  /**
   * The average precision of boxes: `coco` (default), `voc` (area under the curve at an overlap of 0.5, PASCAL VOC from
   * 2010 on) or `voc2007` (mean of the precision at 11 recalls).
   */
  readonly metric?: Metric;
  /** Images per run, 1 by default, as in `predict`; of a reader of text the lines per run, 6 by default. */
  readonly batchSize?: number;
  /** Runs side by side, 1 by default, as in `predictStream`. */
  readonly parallel?: number;
  /** How many of the worst images the report has, 12 by default. */
  readonly worst?: number;
  /** A folder for the results of finished images, so that an interrupted evaluation can be resumed; none by default. */
  readonly outputDir?: string;
  /** Continues the evaluation in `outputDir`; one that was not started there begins anew. */
  readonly resume?: boolean;
  /** Replaces the evaluation in `outputDir`. */
  readonly overwrite?: boolean;
  /** Called after each image; notebooks and terminals show the progress automatically. */
  readonly onProgress?: (step: EvaluateStep) => void;
  /** Stops the evaluation; the report is of the images so far. In a notebook an interrupt does the same. */
  readonly signal?: AbortSignal;
}

const checks = {
  dataset: checkedLater,
  classes: checkedLater,
  metric: oneOf(['coco', 'voc', 'voc2007']),
  batchSize: integer(1),
  parallel: integer(1),
  worst: integer(0),
  outputDir: text,
  resume: boolean,
  overwrite: boolean,
  onProgress: callback,
  signal: abortSignal,
} satisfies OptionChecks<EvaluateOptions>;

/**
 * How good a model is: predicts on every image of a data set and compares the results with the truth. Detection,
 * instance segmentation and keypoints get COCO's average precision as in pycocotools, segmentation the mIoU of
 * PaddleSeg, classification top-1 and top-5.
 *
 * A keypoint model of one person (top-down) gets the crop around each true box, as PaddleDetection's deploy scripts make
 * it from a detector's boxes.
 *
 * A reader of `loadTextReader` is evaluated from pixels to text on pages with labels of PaddleOCR (`text-regions`), as by
 * PaddleOCR's `tools/end2end/eval_end2end.py`: lines are matched by an overlap of at least 0.5, and count if their text is
 * the true one, without spaces.
 *
 * The images are read one after another, so that memory does not grow with their number. Images that can't be read and
 * objects that can't be used are left out, counted and named in `report.problems`.
 *
 * @param model a loaded model or reader of text, or a folder or name (loaded and disposed here)
 * @param data a file or folder in any format that `openDataset` reads, or an opened data set
 * @throws PaddleLabError DATASET_INVALID, FILE_NOT_FOUND, FILE_UNWRITABLE, MODEL_UNSUPPORTED, INVALID_ARGUMENT,
 * UNKNOWN_OPTION, and those of `loadModel`
 *
 * @example
 * const report = await evaluate(model, 'shapes.coco.json');
 * report.figure('AP50');
 * report.worst[0]?.name;
 */
export async function evaluate(
  model: ModelName | Model | TextReader,
  data: string | Dataset,
  options: EvaluateOptions = {},
): Promise<EvaluationReport> {
  const given = readOptions('evaluate', options, checks);
  const signal = given.signal ?? currentCellSignal();
  const dataset = isDataset(data) ? data : await openDataset(data, { ...given.dataset, ...(signal && { signal }) });
  throwIfAborted(signal);
  const all = { ...given, signal };
  if (model instanceof TextReader) return runEvaluation(await evaluatedReader(model, dataset), dataset, all);
  if (model instanceof Model) return runEvaluation(await evaluatedModel(model as AnyModel, dataset, all), dataset, all);
  const loaded = await loadModel(model, signal === undefined ? {} : { signal });
  try {
    return await runEvaluation(await evaluatedModel(loaded, dataset, all), dataset, all);
  } finally {
    await loaded.dispose();
  }
}

type Given = Omit<EvaluateOptions, 'signal'> & { readonly signal: AbortSignal | undefined };

/** What is evaluated: a model, or several networks that work together. */
interface EvaluatedModel {
  readonly name: string;
  readonly task: EvaluationFacts['task'];
  readonly runtime: AnyModel['runtime'];
  readonly plan: EvaluationPlan;
  readonly predictOn: PredictImages;
  /** What has to be the same to resume an evaluation. */
  readonly settings: object;
  readonly batchSize: number;
}

async function evaluatedModel(model: AnyModel, dataset: Dataset, { classes, metric }: Given): Promise<EvaluatedModel> {
  const { spec, kind, runtime } = model;
  const { directory, format } = spec.files;
  return {
    ...{ name: path.basename(directory), task: kind, runtime, batchSize: 1 },
    plan: await planEvaluation(spec, dataset, { classes, metric }),
    predictOn: predicting(model),
    settings: { model: path.resolve(directory), format, task: kind },
  };
}

async function evaluatedReader(reader: TextReader, dataset: Dataset): Promise<EvaluatedModel> {
  return {
    ...{ name: readerName(reader), task: 'text', runtime: reader.detection.runtime, batchSize: 6 },
    plan: await planReading(reader, dataset),
    predictOn: readingPages(reader),
    settings: { model: readerFolders(reader), task: 'text', preset: reader.preset },
  };
}

async function runEvaluation(evaluated: EvaluatedModel, dataset: Dataset, options: Given): Promise<EvaluationReport> {
  const { metric = 'coco', batchSize = evaluated.batchSize, parallel = 1, worst = 12, signal } = options;
  const started = new Date();
  const { plan } = evaluated;
  const journal = await openJournal(evaluated, dataset, options);
  const progress = new Progress(dataset.images.length, options.onProgress);
  const run = await evaluateImages(evaluated.predictOn, dataset, plan, {
    ...{ batchSize, parallel, worst, signal, journal },
    onImage: (done) => progress.show(done),
  });
  if (run.evaluated === 0) throw nothingEvaluated(dataset, run);
  const figures = await run.evaluator.figures();
  const [interval] = await bootstrap([run.evaluator], run.evaluated);
  const seconds = (Date.now() - started.getTime()) / 1000;
  progress.end(`Evaluated ${run.evaluated} images in ${seconds.toFixed(0)} s`);
  const { device, engine, precision, library } = evaluated.runtime;
  const facts = {
    ...{ model: evaluated.name, task: evaluated.task, labels: plan.labels },
    dataset: { path: dataset.path, format: dataset.format, images: dataset.images.length },
    ...{ metric, evaluated: run.evaluated, interrupted: run.interrupted, seconds },
    backend: [library, device, ...(engine === undefined ? [] : [engine]), precision].join(', '),
    imagesPerSecond: run.resumed ? undefined : run.evaluated / seconds,
    ...{ startedAt: started.toISOString(), paddlelab: packageVersion() },
  };
  return new EvaluationReport(figures, facts, interval, run.problems, run.worst);
}

const choices = {
  existing: 'overwrite to replace it, resume to continue it, or another outputDir',
  own: 'another outputDir',
};

async function openJournal(
  { settings: own, runtime }: EvaluatedModel,
  dataset: Dataset,
  { outputDir, resume = false, overwrite = false }: Given,
): Promise<RunJournal> {
  if (outputDir === undefined) return noJournal;
  const folder = path.resolve(outputDir);
  const { engine, precision, device, paddle } = runtime;
  const settings = { ...own, ...{ paddle, device, engine, precision, dataset: dataset.path } };
  if (resume && (await canResume(folder, journalNames.evaluate))) {
    const before = await Journal.resume(folder, journalNames.evaluate, settings);
    if (before !== undefined) return before;
  }
  await refuseReplacing([path.join(folder, journalNames.evaluate)], [], overwrite, choices);
  return Journal.create(folder, journalNames.evaluate, settings);
}

function nothingEvaluated({ path: data, images }: Dataset, { problems, interrupted }: EvaluationRun): PaddleLabError {
  if (interrupted) return new PaddleLabError('ABORTED', 'Interrupted before the first image was evaluated');
  const first = problems.find(({ kind }) => kind === 'image-left-out');
  const reason = first === undefined ? '' : `; the first one: ${first.file}: ${first.message}`;
  const text = `Expected images that can be evaluated in ${data} but none of its ${images.length} can${reason}`;
  return new PaddleLabError('DATASET_INVALID', text);
}

/** Minimum interval between updates in a notebook and a terminal. */
const updateMs = 200;

class Progress {
  private readonly output = progressOutput(updateMs);
  private readonly started = performance.now();
  private shown = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly images: number,
    private readonly onProgress: EvaluateOptions['onProgress'],
  ) {}

  show(done: number): void {
    const now = performance.now();
    const seconds = (now - this.started) / 1000;
    const secondsLeft = done < 3 ? undefined : (seconds / done) * (this.images - done);
    this.onProgress?.({ done, images: this.images, secondsLeft });
    if (now - this.shown < updateMs && done < this.images) return;
    this.shown = now;
    const left = secondsLeft === undefined ? '' : `, ${Math.ceil(secondsLeft)} s left`;
    this.output.show(`evaluating: ${done} of ${this.images} images${left}`);
  }

  end(text: string): void {
    this.output.end(text);
  }
}
