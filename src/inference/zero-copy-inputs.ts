import type { NativeInput } from './predictor-handles';

/**
 * Holds the arrays that runs with the OpenVINO engine read without a copy: a run without inputs reads those of the last
 * one again, so that they must not be collected before others have taken their place natively.
 */
export class ZeroCopyInputs {
  private runs: (readonly NativeInput[])[] = [];

  /** Holds the inputs of a run; `native` settles when it is over, whether or not somebody still waits for it. */
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

  /** To be called when nothing reads them any more. */
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
