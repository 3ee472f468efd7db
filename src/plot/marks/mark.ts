import type { Scale } from '../scale';
import type { Coordinate, Layout, Trace } from '../types';

/** The context for drawing a trace. */
export interface Plot {
  readonly x: Scale;
  readonly y: Scale;
  readonly layout: Layout;
  /** All traces; bars and boxes share their positions with the others. */
  readonly traces: readonly Trace[];
}

/** Draws one type of trace. */
export interface Mark<T extends Trace> {
  /** The coordinates that the axes must include. */
  extent(trace: T, index: number): { readonly x: readonly Coordinate[]; readonly y: readonly Coordinate[] };
  /** The axis that has to include zero. */
  readonly fromZero?: (trace: T) => 'x' | 'y';
  /** Whether its edges are the ends of the axes. */
  readonly tight?: boolean;
  /** Its SVG. */
  draw(trace: T, plot: Plot, color: string, index: number): string;
}
