import type { ImagePredictor } from '../../infer/image-predictor';
import type { SummaryTask } from '../../infer/summaries/summary';
import type { ModelSpec } from '../../spec/spec';
import type { RunConsole } from './console/console';
import type { SharedBar } from './console/shared-bar';
import type { InferPlan } from './plan-infer';

/** What predicts on the images of a command line, loaded: a model, or a pipeline on a server. */
export interface Opened {
  readonly plan: Omit<InferPlan, 'predicting'>;
  readonly task: SummaryTask;
  /** Number of images that are predicted together. */
  readonly size: number;
  /** Of the models whose files must be the same on all machines of a run. */
  readonly specs: readonly ModelSpec[];
  /** What predicts, in one line. */
  readonly description: string;
  predictor(): ImagePredictor;
  /** @param bar shows the progress of workers; undefined without a queue */
  console(bar: SharedBar | undefined): RunConsole;
  /** What workers of a queue do, as plain data. */
  queued(root: string): Promise<object>;
  /** Further calls do nothing. */
  dispose(): Promise<void>;
}
