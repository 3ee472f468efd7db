import type { ImageEvent } from '../../../infer/infer-images';
import type { AnyModel } from '../../../model/load-model';
import type { PredictResult } from '../../../results';

/** What a run comes to. */
export interface RunTotals {
  readonly images: number;
  readonly done: number;
  readonly failed: number;
  /** Done by the run that this one went on with. */
  readonly skipped: number;
  /** From the first image to the last, in milliseconds. */
  readonly wallMs: number;
}

/** How a run tells what happens. */
export interface RunConsole {
  begin(model: AnyModel, images: number, parallel: number): void;
  event(event: ImageEvent, shown: PredictResult | undefined): void;
  /** Files about all images that were written. */
  end(totals: RunTotals, files: readonly string[]): void;
  /** Leaves the terminal as it was, however the run ended. */
  close(): void;
}
