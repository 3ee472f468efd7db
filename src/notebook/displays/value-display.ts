import type { MimeBundle } from '../../display/display';

/** The display of a kind of values that have no `Jupyter.display` method. */
export interface ValueDisplay {
  /** Whether it applies to this value; must be cheap, and safe for any value. */
  matches(value: object): boolean;
  show(value: object): MimeBundle | Promise<MimeBundle>;
}
