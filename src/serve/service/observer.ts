import type { PaddleLabErrorCode } from '../../errors';

/** How a request ended: its answer was sent, or why there is none. `INTERNAL` is a mistake of the server. */
export type Outcome = 'OK' | 'INTERNAL' | PaddleLabErrorCode;

/** What a service tells of its work, for metrics and logs. */
export interface ServiceObserver {
  /** A request for a run is over. */
  finished?(request: { readonly model: string; readonly outcome: Outcome; readonly milliseconds: number }): void;
  /** A network ran once. */
  ran?(run: { readonly model: string; readonly requests: number; readonly milliseconds: number }): void;
  /** A model was loaded or unloaded, or that failed, or a line that an operator should see. */
  noted?(note: { readonly level: 'info' | 'warn' | 'error'; readonly model?: string; readonly text: string }): void;
}
