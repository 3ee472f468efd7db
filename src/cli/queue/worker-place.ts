/** Where and how a worker works. */
export interface WorkerPlace {
  /** The folder that all machines share, on this machine. */
  readonly root: string;
  /** The folder of this machine's models. */
  readonly models: string | undefined;
  /** Predictions at once, and the threads of each. */
  readonly parallel: number;
  readonly threads: number;
  readonly stop: AbortSignal;
}
