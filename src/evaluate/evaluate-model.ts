import type { Dataset, DatasetImage, DatasetProblem } from '../datasets/dataset';
import type { ImageTruth } from '../datasets/truth';
import { messageOf, PaddleLabError } from '../errors';
import { pauses } from '../metrics/pause';
import type { TaskEvaluator } from '../metrics/task-evaluator';
import type { AnyModel } from '../model/load-model';
import { type CheckedOptions, type Outcome, type Predictor, predictOutcomes } from '../predict/predict-batch';
import { streamRuns } from '../predict/predict-stream';
import type { RunJournal } from '../predict/result-journal';
import type { SessionPool } from '../predict/session-pool';
import type { PredictResult } from '../results';
import { throwIfAborted } from '../validate';
import { mapTruth } from './class-map';
import { doubtsOf } from './doubtful-truth';
import type { EvaluationPlan } from './evaluation-plan';
import { predictPeople } from './person-crops';
import { type ScoredImage, WorstImages } from './worst-images';

export interface RunSettings {
  readonly batchSize: number;
  readonly parallel: number;
  /** How many of the worst images are kept. */
  readonly worst: number;
  readonly signal: AbortSignal | undefined;
  /** Has the results of an earlier run, and gets the new ones. */
  readonly journal: RunJournal;
  /** Called after each image. */
  onImage(done: number): void;
}

/** What was evaluated so far. */
export interface EvaluationRun {
  readonly evaluator: TaskEvaluator<PredictResult>;
  /** Images that were evaluated. */
  readonly evaluated: number;
  readonly problems: readonly DatasetProblem[];
  readonly worst: readonly ScoredImage[];
  /** Whether the signal stopped it before the last image. */
  readonly interrupted: boolean;
  /** Whether some results are from an earlier run, so that no time is reported. */
  readonly resumed: boolean;
}

/** Predicts on images that have no recorded result, in their order. */
export type PredictImages = (
  images: readonly DatasetImage[],
  plan: EvaluationPlan,
  settings: RunSettings,
) => AsyncGenerator<ImageOutcome>;

/** Predicts on all images of a data set and compares the results with the truth, in the data set's order. */
export function evaluateModel(
  model: AnyModel,
  dataset: Dataset,
  plan: EvaluationPlan,
  settings: RunSettings,
): Promise<EvaluationRun> {
  return evaluateImages(predicting(model), dataset, plan, settings);
}

/** Predicts with a model. */
export function predicting(model: AnyModel): PredictImages {
  return (images, plan, { journal, batchSize, parallel, signal }) =>
    streamRuns(model, images, { parallel, batchSize }, (sessions: SessionPool, batch: readonly DatasetImage[]) =>
      predictImages({ spec: plan.spec, kind: model.kind, session: model.session }, sessions, batch, plan, {
        journal,
        signal,
      }),
    );
}

/** The same with any way to get results. */
export async function evaluateImages(
  predictOn: PredictImages,
  dataset: Dataset,
  plan: EvaluationPlan,
  settings: RunSettings,
): Promise<EvaluationRun> {
  const { evaluator } = plan;
  const worst = new WorstImages(settings.worst);
  const problems = [...dataset.problems];
  const { journal } = settings;
  // Recorded results come many at a time.
  const pause = pauses();
  const resumed = dataset.images.some(({ file }) => journal.has(file));
  let [done, evaluated, interrupted] = [0, 0, false];
  try {
    for await (const outcome of outcomes(predictOn, dataset, plan, settings)) {
      problems.push(...outcome.problems);
      if (outcome.kind === 'predicted') {
        const { image, result, truth } = outcome;
        const score = evaluator.add(result, truth);
        worst.add({ file: image.file, name: image.name, score, result, truth });
        evaluated++;
      }
      settings.onImage(++done);
      await pause();
    }
  } catch (error) {
    if (!(error instanceof PaddleLabError) || error.code !== 'ABORTED') throw error;
    interrupted = true;
  }
  return { evaluator, evaluated, problems, worst: worst.list, interrupted, resumed };
}

export type ImageOutcome =
  | {
      readonly kind: 'predicted';
      readonly image: DatasetImage;
      readonly result: PredictResult;
      readonly truth: ImageTruth;
      readonly problems: readonly DatasetProblem[];
    }
  | { readonly kind: 'left-out'; readonly problems: readonly DatasetProblem[] };

/** The outcome of each image in the data set's order: recorded results are read, the others predicted. */
async function* outcomes(
  predictOn: PredictImages,
  dataset: Dataset,
  plan: EvaluationPlan,
  settings: RunSettings,
): AsyncGenerator<ImageOutcome> {
  const { journal, signal } = settings;
  const recorded = dataset.images.filter(({ file }) => journal.has(file));
  const known = new Set(recorded);
  const records = journal.read(recorded.map(({ file }) => file));
  const todo = dataset.images.filter((image) => !known.has(image));
  const predicted = predictOn(todo, plan, settings);
  try {
    for (const image of dataset.images) {
      throwIfAborted(signal);
      if (!known.has(image)) {
        const { value } = await predicted.next();
        if (value !== undefined) yield value;
        continue;
      }
      const { value: record } = await records.next();
      if (record !== undefined) yield await withTruth(image, record.result, plan);
    }
  } finally {
    await predicted.return(undefined);
    await records.return(undefined);
  }
}

async function predictImages(
  model: Predictor,
  sessions: SessionPool,
  batch: readonly DatasetImage[],
  plan: EvaluationPlan,
  { journal, signal }: Pick<RunSettings, 'journal' | 'signal'>,
): Promise<ImageOutcome[]> {
  throwIfAborted(signal);
  const options = { threshold: plan.threshold, raw: false, probabilities: false, batchSize: batch.length, signal };
  const found = isTopDown(model)
    ? await Promise.all(batch.map((image) => peopleOf(model, sessions, image, options)))
    : await predictOutcomes(
        model,
        sessions,
        batch.map(({ file }) => file),
        options,
      );
  throwIfAborted(signal);
  return Promise.all(
    found.map(async (outcome, i): Promise<ImageOutcome> => {
      const image = batch[i] as DatasetImage;
      if (outcome.kind === 'failed') return { kind: 'left-out', problems: [leftOut(image, outcome.error)] };
      const { result } = outcome;
      await journal.add({ file: image.file, name: image.name, result: { ...result }, written: [] });
      return withTruth(image, result, plan);
    }),
  );
}

/** Whether the network takes the crop of one person. */
function isTopDown({ kind, spec }: Predictor): boolean {
  return kind === 'keypoints' && spec.conventions.people === 'top-down';
}

async function peopleOf(
  model: Predictor,
  sessions: SessionPool,
  image: DatasetImage,
  options: CheckedOptions,
): Promise<Outcome<PredictResult>> {
  try {
    const { truth = noObjects } = await image.truth();
    return await predictPeople(model, sessions, image.file, truth, options);
  } catch (error) {
    return { kind: 'failed', error };
  }
}

const noObjects: ImageTruth = { kind: 'objects', objects: [] };

export function leftOut({ file }: DatasetImage, error: unknown): DatasetProblem {
  return { kind: 'image-left-out', file, message: messageOf(error) };
}

export async function withTruth(
  image: DatasetImage,
  result: PredictResult,
  { numbers, labels }: EvaluationPlan,
): Promise<ImageOutcome> {
  const { truth: stated, problems: found } = await image.truth();
  const truth = stated === undefined ? undefined : mapTruth(stated, numbers);
  if (truth === undefined) return { kind: 'left-out', problems: found };
  const problems = [...found, ...doubtsOf(image, truth, result, { labels, found })];
  const unusable = problems.some(({ kind }) => kind === 'image-left-out');
  return unusable ? { kind: 'left-out', problems } : { kind: 'predicted', image, result, truth, problems };
}
