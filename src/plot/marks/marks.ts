import type { Trace } from '../types';
import { bar } from './bar';
import { box } from './box';
import { heatmap } from './heatmap';
import { histogram } from './histogram';
import type { Mark } from './mark';
import { scatter } from './scatter';

/** The renderer of each type of trace; a new type adds a line here. */
const marks: { readonly [K in Trace['type']]: Mark<Extract<Trace, { type: K }>> } = {
  scatter,
  bar,
  box,
  histogram,
  heatmap,
};

export const traceTypes = Object.keys(marks) as Trace['type'][];

export function markOf(trace: Trace): Mark<Trace> {
  return marks[trace.type] as Mark<Trace>;
}
