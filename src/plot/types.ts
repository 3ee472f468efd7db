/** A position on an axis: a number, or the name of a category. */
export type Coordinate = number | string;

/** The shape of a point. */
export type MarkerSymbol = 'circle' | 'square' | 'diamond' | 'star' | 'x';

/** Where the text of a marker is, as in Plotly. */
export type TextPosition = 'top center' | 'bottom center' | 'middle right' | 'middle left';

/** Lengths of error bars from each point; symmetric without `arrayminus`. */
export interface ErrorBars {
  readonly type: 'data';
  readonly array: readonly number[];
  readonly arrayminus?: readonly number[];
  /** Has to be false for `arrayminus` to be used. */
  readonly symmetric?: boolean;
}

interface TraceBase {
  readonly name?: string;
  /** Whether the legend lists it; `true` by default. */
  readonly showlegend?: boolean;
  readonly hovertemplate?: string;
  /** One per point, for `hovertemplate`. */
  readonly customdata?: readonly string[];
  /** Traces of one group are shown and hidden together by a click on the legend. */
  readonly legendgroup?: string;
  /** Opacity of the whole trace, 0 to 1. */
  readonly opacity?: number;
}

/** Points, lines or both. */
export interface ScatterTrace extends TraceBase {
  readonly type: 'scatter';
  readonly x: readonly Coordinate[];
  readonly y: readonly Coordinate[];
  readonly mode?: 'markers' | 'lines' | 'lines+markers' | 'markers+text' | 'text';
  /** One per point; a single text if `hoveron` is `fills`. */
  readonly text?: readonly string[] | string;
  /** The hover target: the points, or the area they enclose. */
  readonly hoveron?: 'points' | 'fills';
  readonly hoverinfo?: 'text' | 'skip';
  /** Position of `text` relative to its point; `top center` by default. */
  readonly textposition?: TextPosition | readonly TextPosition[];
  readonly marker?: {
    readonly color?: string | readonly string[];
    /** Diameter in pixels; 8 by default. */
    readonly size?: number;
    readonly symbol?: MarkerSymbol | readonly MarkerSymbol[];
  };
  readonly line?: { readonly color?: string; readonly width?: number; readonly dash?: 'solid' | 'dash' | 'dot' };
  /** Closes the line and fills it. */
  readonly fill?: 'toself';
  readonly fillcolor?: string;
  /** `false` draws points at the ends of the axes without clipping. */
  readonly cliponaxis?: boolean;
  readonly error_x?: ErrorBars;
  readonly error_y?: ErrorBars;
}

/** Bars from zero; several traces are placed side by side. */
export interface BarTrace extends TraceBase {
  readonly type: 'bar';
  readonly x: readonly Coordinate[];
  readonly y: readonly Coordinate[];
  /** `h` has its values in `x`; `v` (default) in `y`. */
  readonly orientation?: 'v' | 'h';
  /** Width of each bar, in units of a numeric axis; by default as wide as its category allows. */
  readonly width?: number;
  readonly text?: readonly string[];
  readonly marker?: { readonly color?: string | readonly string[] };
}

/**
 * A distribution as its quartiles, with whiskers to the most distant values within 1.5 times the interquartile range.
 */
export interface BoxTrace extends TraceBase {
  readonly type: 'box';
  /** The values, for a vertical box; else `x`. */
  readonly y?: readonly number[];
  readonly x?: readonly number[];
  readonly boxpoints?: 'outliers' | false;
  readonly marker?: { readonly color?: string };
}

/** Counts of values in equal bins. */
export interface HistogramTrace extends TraceBase {
  readonly type: 'histogram';
  readonly x: readonly number[];
  readonly nbinsx?: number;
  /** The bins themselves, instead of their number. */
  readonly xbins?: { readonly start: number; readonly end: number; readonly size: number };
  readonly marker?: { readonly color?: string };
}

/** A grid of values as colours. */
export interface HeatmapTrace extends TraceBase {
  readonly type: 'heatmap';
  /** Rows, starting at the origin of the y axis. */
  readonly z: readonly (readonly number[])[];
  readonly x?: readonly Coordinate[];
  readonly y?: readonly Coordinate[];
  /** Stops of the colour scale from 0 to 1; a perceptually uniform one by default. */
  readonly colorscale?: readonly (readonly [number, string])[];
  readonly zmin?: number;
  readonly zmax?: number;
  readonly text?: readonly (readonly string[])[];
  /** `%{text}` writes the texts into the cells. */
  readonly texttemplate?: string;
  /** Font of the texts; by default a colour readable on the cell. */
  readonly textfont?: { readonly color?: string };
  readonly showscale?: boolean;
}

/** One series of a chart, with Plotly's property names. */
export type Trace = ScatterTrace | BarTrace | BoxTrace | HistogramTrace | HeatmapTrace;

/** An axis of a figure, as in Plotly. */
export interface Axis {
  readonly title?: { readonly text: string };
  readonly type?: 'linear' | 'log' | 'category';
  /** Both ends, as exponents of 10 on a logarithmic axis; determined by the data by default. */
  readonly range?: readonly [number, number];
  /** `reversed` makes the axis grow leftwards or downwards. */
  readonly autorange?: boolean | 'reversed';
  /** Positions of the ticks, as coordinates; round numbers by default. */
  readonly tickvals?: readonly number[];
  readonly ticksuffix?: string;
  /** Rotation of the tick labels in degrees, clockwise; 0 by default. Only on the x axis. */
  readonly tickangle?: 0 | -45 | -90;
  /** Distance of the ticks; 1 shows each category. */
  readonly dtick?: number;
  /** d3's format of the ticks, for Plotly; the static picture writes numbers in their shortest form. */
  readonly tickformat?: string;
  readonly visible?: boolean;
  readonly showgrid?: boolean;
  readonly zeroline?: boolean;
  /** `y` on the x axis keeps both scales the same, as needed for images. */
  readonly scaleanchor?: 'x' | 'y';
  readonly constrain?: 'domain' | 'range';
  readonly automargin?: boolean;
}

/** A picture behind the traces, in the coordinates of the axes. */
export interface LayoutImage {
  /** A `data:` URL. */
  readonly source: string;
  readonly xref: 'x';
  readonly yref: 'y';
  /** Its top left corner. */
  readonly x: number;
  readonly y: number;
  readonly sizex: number;
  readonly sizey: number;
  readonly sizing: 'stretch';
  readonly layer: 'below';
}

/** A rectangle or a line in the coordinates of the axes. */
export interface LayoutShape {
  readonly type: 'rect' | 'line';
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly line?: { readonly color?: string; readonly width?: number; readonly dash?: 'solid' | 'dash' | 'dot' };
  readonly fillcolor?: string;
}

/** A slider; each step changes traces, in Plotly's format. */
export interface LayoutSlider {
  readonly active: number;
  readonly currentvalue?: { readonly prefix?: string };
  readonly pad?: { readonly t?: number };
  readonly steps: readonly {
    readonly label: string;
    readonly method: 'restyle';
    /** New values of traces, one for each, and the indexes of the traces. */
    readonly args: readonly [Readonly<Record<string, readonly unknown[]>>, readonly number[]];
  }[];
}

/** The layout of a figure, as in Plotly. */
export interface Layout {
  readonly title?: { readonly text: string };
  /** Size in pixels; 720 × 420 by default. */
  readonly width?: number;
  readonly height?: number;
  readonly xaxis?: Axis;
  readonly yaxis?: Axis;
  readonly showlegend?: boolean;
  readonly images?: readonly LayoutImage[];
  readonly shapes?: readonly LayoutShape[];
  readonly sliders?: readonly LayoutSlider[];
  readonly barmode?: 'group' | 'stack';
  readonly hovermode?: 'closest' | 'x' | 'x unified' | false;
}
