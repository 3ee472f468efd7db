import { isExternal, isPaddle, type NamedBackend, type SessionBackend } from '../backends/named-backends';
import { isPipeline } from '../backends/pipeline-backend';
import type { Dataset, DatasetFormat } from '../datasets/dataset';
import { messageOf, PaddleLabError } from '../errors';
import type { ClassMapping } from '../evaluate/class-map';
import { type EvaluationRun, evaluateModel } from '../evaluate/evaluate-model';
import { type Metric, planEvaluation } from '../evaluate/evaluation-plan';
import { bootstrap, type Interval } from '../evaluate/interval';
import type { TaskEvaluator } from '../metrics/task-evaluator';
import { type LoadModelOptions, withModel } from '../model/load-model';
import { noJournal } from '../predict/result-journal';
import type { PredictResult } from '../results';

/** The main figure of a backend on a data set. */
export type Accuracy =
  | {
      readonly kind: 'measured';
      /** `AP`, `mIoU`, `top-1`. */
      readonly name: string;
      /** 0 to 1; undefined if the data set has nothing to measure it on. */
      readonly value: number | undefined;
      /** Its 95 % confidence interval, by drawing the images again. */
      readonly interval: Interval | undefined;
      /**
       * The difference to the baseline on the same images, with the interval of the difference: 0 inside means that the
       * data set shows no difference. Absent for the baseline itself.
       */
      readonly difference?: { readonly value: number; readonly interval: Interval | undefined };
      readonly images: number;
    }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** The settings of the evaluation in a comparison. */
export interface AccuracySettings {
  readonly dataset: Dataset;
  readonly classes: ClassMapping | undefined;
  readonly metric: Metric | undefined;
  readonly load: Pick<LoadModelOptions, 'config' | 'format' | 'task'>;
  readonly signal: AbortSignal | undefined;
}

type Evaluated =
  | { readonly backend: string; readonly run: EvaluationRun }
  | { readonly backend: string; readonly reason: string };

/** Evaluates backends on a data set, one after another, each in a process of its own where the kind allows. */
export class AccuracyMeasurement {
  private readonly evaluated: Evaluated[] = [];

  constructor(private readonly settings: AccuracySettings) {}

  /** What it is measured on, for the report. */
  get dataset(): { readonly path: string; readonly format: DatasetFormat; readonly images: number } {
    const { path, format, images } = this.settings.dataset;
    return { path, format, images: images.length };
  }

  /**
   * @param directory the model's folder
   * @param onImage called after each image
   */
  async add(backend: NamedBackend, directory: string, onImage: (done: number) => void): Promise<void> {
    if (isExternal(backend)) {
      this.evaluated.push({ backend: backend.name, reason: 'an external runtime, whose tensors go through files' });
      return;
    }
    if (isPipeline(backend)) {
      this.evaluated.push({ backend: backend.name, reason: 'a pipeline, which answers no tensors' });
      return;
    }
    const { dataset, classes, metric, load, signal } = this.settings;
    try {
      const run = await withModel(
        directory,
        async (model) =>
          evaluateModel(model, dataset, await planEvaluation(model.spec, dataset, { classes, metric }), {
            ...{ signal, onImage },
            ...{ batchSize: 1, parallel: 1, worst: 0, journal: noJournal },
          }),
        { ...load, backend: inOwnProcess(backend), trial: false, ...(signal && { signal }) },
      );
      this.evaluated.push({ backend: backend.name, run });
    } catch (error) {
      // A data set that does not suit the model fails for every backend.
      if (error instanceof PaddleLabError && ['DATASET_INVALID', 'ABORTED'].includes(error.code)) throw error;
      this.evaluated.push({ backend: backend.name, reason: messageOf(error) });
    }
  }

  /** The accuracy of each backend so far, by its name; differences are to the baseline. */
  async results(baseline: string | undefined): Promise<ReadonlyMap<string, Accuracy>> {
    const runs = this.evaluated.flatMap((one) => ('run' in one && !one.run.interrupted ? [one] : []));
    const base = runs.find(({ backend }) => backend === baseline);
    const results = new Map<string, Accuracy>();
    for (const one of this.evaluated) {
      if ('reason' in one) results.set(one.backend, { kind: 'unavailable', reason: one.reason });
      else if (one.run.interrupted) results.set(one.backend, { kind: 'unavailable', reason: 'interrupted' });
    }
    for (const { backend, run } of runs) {
      const comparable = base !== undefined && base.backend !== backend && base.run.evaluated === run.evaluated;
      results.set(backend, await accuracyOf(run, comparable ? base.run.evaluator : undefined));
    }
    return results;
  }
}

async function accuracyOf(
  { evaluator, evaluated }: EvaluationRun,
  base: TaskEvaluator<PredictResult> | undefined,
): Promise<Accuracy> {
  const [main] = (await evaluator.figures()).figures;
  const [interval] = await bootstrap([evaluator], evaluated);
  const measured = { kind: 'measured', name: main.name, value: main.value, interval, images: evaluated } as const;
  if (base === undefined) return measured;
  const [, difference] = await bootstrap([base, evaluator], evaluated);
  const each = new Uint16Array(evaluated).fill(1);
  const [own, other] = [evaluator.mainFigure(each), base.mainFigure(each)];
  if (own === undefined || other === undefined) return measured;
  return { ...measured, difference: { value: own - other, interval: difference } };
}

/** A crash of Paddle then ends only that process. */
function inOwnProcess(backend: SessionBackend & { readonly name: string }): SessionBackend {
  if (!isPaddle(backend)) return backend;
  const { clones: _, model: __, ...own } = backend;
  return { ...own, kind: 'paddle-process' } as SessionBackend;
}
