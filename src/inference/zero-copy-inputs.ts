import type { NativeInput } from './predictor-handles';

/**
 * Keeps the arrays that runs with the OpenVINO engine read without a copy (zero-copy). A run without inputs reads the
 * arrays of the last run again, so they must not be garbage-collected before others have replaced them natively.
 */
export class ZeroCopyInputs {
  private runs: (readonly NativeInput[])[] = [];

  /** Keeps the inputs of a run; `native` settles when the run is over, even if its caller has cancelled it. */
  async during<T>(feeds: readonly NativeInput[], native: Promise<T>): Promise<T> {
    this.runs.push(feeds);
    try {
      const result = await native;
      this.takesOver(feeds);
      return result;
    } catch (error) {
      // A run that was cancelled before it began never used the arrays; one that failed may have.
      if (isGivenUp(error)) this.runs = this.runs.filter((run) => run !== feeds);
      else this.takesOver(feeds);
      throw error;
    }
  }

  /** Call it when nothing reads them any more. */
  clear(): void {
    this.runs = [];
  }

  private takesOver(feeds: readonly NativeInput[]): void {
    this.runs = this.runs.slice(Math.max(0, this.runs.indexOf(feeds)));
  }
}

function isGivenUp(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ABORTED';
}
