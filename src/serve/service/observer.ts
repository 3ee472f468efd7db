import type { PaddleLabErrorCode } from '../../errors';

/** How a request ended: with a response, or with an error code. `INTERNAL` is a bug of the server. */
export type Outcome = 'OK' | 'INTERNAL' | PaddleLabErrorCode;

/** Events of a service, for metrics and logs. */
export interface ServiceObserver {
  /** A request for a run is over. */
  finished?(request: { readonly model: string; readonly outcome: Outcome; readonly milliseconds: number }): void;
  /** A network ran once. */
  ran?(run: { readonly model: string; readonly requests: number; readonly milliseconds: number }): void;
  /** A line for the log, such as a model that was loaded or unloaded, or that failed. */
  noted?(note: { readonly level: 'info' | 'warn' | 'error'; readonly model?: string; readonly text: string }): void;
}
