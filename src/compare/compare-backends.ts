import { isPaddle, type NamedBackend } from '../backends/named-backends';
import type { Dataset } from '../datasets/dataset';
import { openDataset } from '../datasets/open-dataset';
import { currentCellSignal } from '../display/live-output';
import { progressOutput } from '../display/progress-output';
import { messageOf } from '../errors';
import { planEvaluation } from '../evaluate/evaluation-plan';
import type { ModelName } from '../hub/catalogue/official-models';
import { fitsFormat } from '../inference/engine';
import { confidence } from '../metrics/statistics';
import { Model } from '../model/model';
import { ImagePipeline } from '../predict/image-pipeline';
import type { PredictResult, Task } from '../results';
import type { CustomTask } from '../spec/spec';
import { checkString, invalidArgument } from '../validate';
import { type Accuracy, AccuracyMeasurement, type AccuracySettings } from './accuracy';
import { readBackendOutputs } from './compare-results';
import { type ComparedModel, modelName, readComparedModel } from './compared-model';
import { type MachineFacts, machineFacts } from './machine';
import {
  type CheckedOptions,
  type CompareImages,
  type CompareOptions,
  checkCompareOptions,
  describeStep,
} from './options';
import { planBackends } from './planned-backends';
import { BackendReport } from './report';
import { type BackendRow, RowMaker } from './rows';
import { type BackendRun, Session } from './session';

export type { Backend, BackendName, NamedBackend, PaddleBackend } from '../backends/named-backends';
export type { PipelineBackend } from '../backends/pipeline-backend';
export type { CompareImages, CompareMode, CompareOptions, CompareStep, Protocol } from './options';

/**
 * Measures a model on every backend of this machine and its runtimes, in interleaved rounds, each backend in its own
 * process, and compares the results with those of Paddle's plain kernels. A backend that is missing, fails, crashes,
 * hangs or takes too much memory gets a row with the reason.
 *
 * The speed of a row is how many times faster than the baseline it is, with its 99 % confidence interval, from the
 * rounds in which both were measured. `report.best` is the fastest backend that agrees with the baseline.
 *
 * @param model a model's folder, an official model by its name, or a loaded model (whose folder is loaded again)
 * @param images the images to measure with: everything that `predict` takes; a generated picture by default
 * @throws PaddleLabError FILE_NOT_FOUND, MODEL_NOT_FOUND, MODEL_UNSUPPORTED, MODEL_DAMAGED, CONFIG_INVALID,
 * DOWNLOAD_FAILED, IMAGE_UNREADABLE, RUNTIME_NOT_FOUND, INVALID_ARGUMENT, UNKNOWN_OPTION
 *
 * @example
 * const report = await compareBackends('models/shapes_det_picodet', 'shapes.png', {
 *   backends: ['plain', 'openvino', { engine: 'onednn', threads: 1, clones: 2 }],
 *   runs: 10,
 * });
 * const model = await loadModel('models/shapes_det_picodet', { backend: report.best });
 */
export async function compareBackends(
  model: ModelName | Model,
  images?: CompareImages,
  options: CompareOptions = {},
): Promise<BackendReport> {
  refusePipelines(model, options.backends);
  const loaded = model instanceof Model ? model : undefined;
  const given = checkCompareOptions(options, loaded?.runtime.runtime);
  const files = loaded?.spec.files;
  const directory = files?.directory ?? checkString('model', model);
  const checked = { ...given, format: given.format ?? files?.format, signal: given.signal ?? currentCellSignal() };
  const { config, format, protocol, signal } = checked;
  const task = loaded?.spec.customTask ?? loaded?.spec.task ?? checked.task;
  const { batchSizes } = protocol;
  const dataset = typeof checked.dataset === 'string' ? await openDataset(checked.dataset) : checked.dataset;
  const measured = images ?? dataset?.images[0]?.file;
  const compared = await readComparedModel(directory, measured, { config, format, batchSizes, task, signal });
  // By default only backends that suit this program; a backend named in the options always gets a row.
  const fits = (backend: NamedBackend): boolean => !isPaddle(backend) || fitsFormat(backend.engine, compared.format);
  const backends = options.backends === undefined ? checked.backends.filter(fits) : checked.backends;
  // Before minutes of measuring, not after.
  if (dataset !== undefined) await planEvaluation(compared.spec, dataset, checked);
  const accuracy = dataset && new AccuracyMeasurement(accuracySettings(dataset, task, checked));
  return new Comparison(compared, { ...checked, backends }, await machineFacts(), accuracy).run();
}

/** Each row has a process of its own, which connects by itself. */
function refusePipelines(model: unknown, backends: unknown): void {
  const list = Array.isArray(backends) ? backends : [];
  const found = [model, ...list].findIndex((one) => one instanceof ImagePipeline);
  if (found === -1) return;
  const expected =
    found === 0
      ? "model whose results a pipeline is compared with; the pipeline is one of the backends: { kind: 'pipeline', url }"
      : "plain options { kind: 'pipeline', url, … }, because each backend has a process of its own,";
  throw invalidArgument(
    found === 0 ? 'model' : `backends[${found - 1}]`,
    expected,
    found === 0 ? model : list[found - 1],
  );
}

function accuracySettings(
  dataset: Dataset,
  task: Task | CustomTask | undefined,
  { classes, metric, config, format, signal }: CheckedOptions,
): AccuracySettings {
  const load = {
    ...(config === undefined ? {} : { config }),
    ...(format === undefined ? {} : { format }),
    ...(task === undefined || task === 'custom' ? {} : { task }),
  };
  return { dataset, classes, metric, load, signal };
}

/** Minimum interval between updates of the table in a notebook. */
const tableMs = 500;

class Comparison {
  private readonly started = new Date();
  private readonly results = new Map<BackendRun, readonly PredictResult[] | string>();
  private readonly maker: RowMaker;
  private readonly output = progressOutput(tableMs);
  private running: BackendRun | undefined;

  constructor(
    private readonly compared: ComparedModel,
    private readonly options: CheckedOptions,
    private readonly machine: MachineFacts,
    private readonly accuracy: AccuracyMeasurement | undefined,
  ) {
    this.maker = new RowMaker(options.baseline, this.results);
  }

  async run(): Promise<BackendReport> {
    const { protocol, timeoutMs, memoryLimit, signal } = this.options;
    const plannedBackends = await planBackends(this.compared, this.options);
    const session = new Session(
      plannedBackends,
      this.compared,
      protocol,
      { timeoutMs, memoryLimit, signal },
      (step, run) => {
        this.running = run;
        this.options.onProgress?.(step);
        // In a notebook a table that fills up, in a terminal a line.
        this.output.show(`comparing backends: ${describeStep(step)}`, () => this.report(session).tableBundle());
      },
    );
    session.onOpened = (run) => this.read(run);
    await session.run();
    this.running = undefined;
    const accuracies = await this.evaluate(session);
    const report = this.report(session, accuracies);
    // The report is usually the cell's result as well; the table should not be shown twice.
    this.output.end(`Compared ${report.rows.length} backends in ${report.facts.seconds.toFixed(0)} s`);
    return report;
  }

  /** Evaluates the measured backends, if there is a data set. */
  private async evaluate(session: Session): Promise<ReadonlyMap<string, Accuracy>> {
    const { accuracy } = this;
    const { dataset, signal } = this.options;
    if (accuracy === undefined || dataset === undefined) return new Map();
    for (const { backend } of this.report(session).measured.map(({ settings }) => ({ backend: settings }))) {
      if (signal?.aborted) break;
      const directory = ('model' in backend ? backend.model : undefined) ?? this.compared.spec.files.directory;
      const count = accuracy.dataset.images;
      await accuracy.add(backend, directory, (number) => {
        const step = { phase: 'evaluate', number, count, backend: backend.name } as const;
        this.options.onProgress?.(step);
        this.output.show(`comparing backends: ${describeStep(step)}`, () => this.report(session).tableBundle());
      });
    }
    return accuracy.results(this.maker.baselineOf(session.backendRuns)?.backend.name);
  }

  /** Interprets the outputs, once per backend. */
  private async read(run: BackendRun): Promise<void> {
    const { spec, pixels } = this.compared;
    const { results } = run.opened ?? {};
    if (results !== undefined) {
      const other = results.find(({ kind }) => kind !== spec.task)?.kind;
      this.results.set(run, other === undefined ? results : `it answers ${other}, but the model is for ${spec.task}`);
      return;
    }
    try {
      const found: PredictResult[] = [];
      for (const [i, outputs] of (run.opened?.outputs ?? []).entries()) {
        const { width, height } = pixels[i] ?? { width: 1, height: 1 };
        found.push(await readBackendOutputs(spec, outputs, { width, height }, this.options.threshold));
      }
      this.results.set(run, found);
    } catch (error) {
      this.results.set(run, `its outputs can't be read: ${messageOf(error)}`);
    }
  }

  private report(
    { backendRuns, orders }: Session,
    accuracies: ReadonlyMap<string, Accuracy> = new Map(),
  ): BackendReport {
    const { spec, feeds } = this.compared;
    const rows = this.maker
      .rows(backendRuns, (run) => (run === this.running ? 'measuring …' : 'waiting'))
      .map((row) => withAccuracy(row, accuracies));
    const facts = {
      ...{ model: modelName(spec), task: spec.task, family: spec.family, images: feeds.length },
      ...(this.accuracy === undefined ? {} : { dataset: this.accuracy.dataset }),
      ...(this.options.named ? ({ named: true } as const) : {}),
      inputShape: feeds[0]?.[0]?.shape ?? [],
      protocol: this.options.protocol,
      orders: orders.map((order) => order.map((at) => backendRuns[at]?.backend.name ?? '')),
      ...{ confidence, machine: this.machine, startedAt: this.started.toISOString() },
      seconds: (Date.now() - this.started.getTime()) / 1000,
    };
    return new BackendReport(rows, facts, this.maker.baselineOf(backendRuns)?.backend.name);
  }
}

function withAccuracy(row: BackendRow, accuracies: ReadonlyMap<string, Accuracy>): BackendRow {
  const accuracy = accuracies.get(row.backend);
  return row.kind === 'measured' && accuracy !== undefined ? { ...row, accuracy } : row;
}
