import type { ImageEvent } from '../../../infer/infer-images';
import type { PredictResult } from '../../../results';

/** The totals of a run. */
export interface RunTotals {
  readonly images: number;
  readonly done: number;
  readonly failed: number;
  /** Number of images that the resumed run had finished. */
  readonly skipped: number;
  /** From the first image to the last, in milliseconds. */
  readonly wallMs: number;
}

/** Output of a run on the terminal. */
export interface RunConsole {
  /** @param description what predicts, in one line */
  begin(description: string, images: number): void;
  event(event: ImageEvent, shown: PredictResult | undefined): void;
  /** @param files the summary files that were written */
  end(totals: RunTotals, files: readonly string[]): void;
  /** Restores the terminal, also after an error. */
  close(): void;
}
