import type { Scale } from '../scale';
import type { Coordinate, Layout, Trace } from '../types';

/** What a trace is drawn with. */
export interface Plot {
  readonly x: Scale;
  readonly y: Scale;
  readonly layout: Layout;
  /** All traces; bars and boxes share their places with the others. */
  readonly traces: readonly Trace[];
}

/** How one type of trace is drawn. */
export interface Mark<T extends Trace> {
  /** The coordinates that the axes must reach. */
  extent(trace: T, index: number): { readonly x: readonly Coordinate[]; readonly y: readonly Coordinate[] };
  /** The axis that has to reach zero. */
  readonly fromZero?: (trace: T) => 'x' | 'y';
  /** Whether its edges are the ends of the axes. */
  readonly tight?: boolean;
  /** Its SVG. */
  draw(trace: T, plot: Plot, color: string, index: number): string;
}
