import type { MimeBundle } from '../../display/display';

/** How values of one kind show themselves that have no `Jupyter.display` method of their own. */
export interface ValueDisplay {
  /** Whether it is for this value; must be cheap, and safe for anything. */
  matches(value: object): boolean;
  show(value: object): MimeBundle | Promise<MimeBundle>;
}
