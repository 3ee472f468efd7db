/** The folders, settings and stop signal of a worker on this machine. */
export interface WorkerContext {
  /** The folder that all machines share, on this machine. */
  readonly root: string;
  /** The folder of this machine's models. */
  readonly models: string | undefined;
  /** Predictions at once, and the threads of each. */
  readonly parallel: number;
  readonly threads: number;
  readonly stop: AbortSignal;
}
