import { type Rgb, toHex } from '../../display/palette';
import type { SceneObject } from '../../drawing/annotators/annotator';
import { cornersOf } from '../../drawing/annotators/rotated-box';
import type { Point } from '../../drawing/canvas';
import { colorsOf } from '../../drawing/colors';
import { Picture } from '../../drawing/picture';
import { traceMask } from '../../drawing/trace';
import { decodeImage, type ImageInput, type RgbImage } from '../../image/image';
import { type OptionChecks, readOptions } from '../../options';
import type { PredictResult } from '../../results';
import { objectsOf } from '../../tasks/tasks';
import { type VisualizeOptions, visualizeChecks } from '../../visualize/options';
import { visualize } from '../../visualize/visualize';
import { Figure } from '../figure';
import type { Layout, LayoutSlider, ScatterTrace, Trace } from '../types';

/** The options of `visualize` that apply to a figure. */
export type ImageFigureOptions = Pick<VisualizeOptions, 'threshold' | 'labels' | 'palette' | 'opacity'>;

const { threshold, labels, palette, opacity } = visualizeChecks;
const checks = { threshold, labels, palette, opacity } satisfies OptionChecks<ImageFigureOptions>;

/** Maximum distance of polygons from the borders of masks, in pixels. */
const tolerance = 0.75;
/** Number of positions of the slider. */
const steps = 20;
/** Width of the figure; the page scales images to it. */
const width = 760;

/** A figure of an image; without scripts it is the picture drawn by `visualize`. */
class ImageFigure extends Figure {
  readonly #picture: Picture;

  constructor(data: readonly Trace[], layout: Layout, picture: Picture) {
    super(data, layout);
    this.#picture = picture;
  }

  override async toBuffer(): Promise<Buffer> {
    return await this.#picture.toBuffer('png');
  }
}

/**
 * An interactive image with its boxes and masks for a notebook, without Python or a server: hover over an object for
 * details, zoom, click on classes in the legend, and change the score threshold. Supported for objects, people (as
 * boxes) and segmentations.
 *
 * @param image the image of the prediction
 * @throws PaddleLabError like `visualize`
 *
 * @example
 * import { plotResult } from 'paddlelab';
 * await plotResult('shapes.png', result);
 */
export async function plotResult(
  image: ImageInput | RgbImage,
  result: PredictResult,
  options: ImageFigureOptions = {},
): Promise<Figure> {
  readOptions('plotResult', options, checks);
  const picture = await visualize(image, result, options);
  const pixels = 'data' in Object(image) ? (image as RgbImage) : await decodeImage(image as ImageInput);
  const { threshold, labels = [], palette = 'default', opacity = 0.45 } = options;
  const name = (classId: number): string => labels[classId] ?? result.labels[classId] ?? String(classId);
  const objects = objectsOf(result, name, undefined);
  const color = colorsOf(palette);
  const shapes = objects.toReversed().flatMap((item) => {
    return shapesOf(item, color(item.classId), opacity).map((shape) => ({ shape, score: item.score }));
  });
  const classes = [...new Set(objects.map(({ classId }) => classId))].sort((a, b) => a - b);
  const legend = classes.map((classId): ScatterTrace => {
    const [label, own] = [objects.find((item) => item.classId === classId)?.label ?? '', toHex(color(classId))];
    return {
      type: 'scatter',
      x: [Number.NaN],
      y: [Number.NaN],
      mode: 'markers',
      name: label,
      legendgroup: label,
      marker: { color: own, size: 12, symbol: 'square' },
    };
  });
  const scores = shapes.map(({ score }) => score);
  const jpeg = await new Picture(pixels, '').toBuffer('jpeg');
  const layout = imageLayout(pixels, `data:image/jpeg;base64,${jpeg.toString('base64')}`);
  const slider = scores.some((score) => score !== undefined) ? [thresholdSlider(shapes, threshold ?? 0)] : [];
  const seen = shapes.map(({ shape, score }) => ({ ...shape, ...visibleAbove(score, threshold ?? 0, shape) }));
  return new ImageFigure([...seen, ...legend], { ...layout, sliders: slider }, picture);
}

/** An object as an area with hover text, its mask or its box; a box around a mask is only a line. */
function shapesOf(item: SceneObject, color: Rgb, opacity: number): ScatterTrace[] {
  const score = item.score === undefined ? '' : ` ${item.score.toFixed(3)}`;
  const box = item.box.map((value) => value.toFixed(1)).join(', ');
  const base = { type: 'scatter', mode: 'lines', legendgroup: item.label, showlegend: false } as const;
  const line = { color: toHex(color), width: 2 };
  const area: ScatterTrace = {
    ...base,
    ...outlines(item.mask === undefined ? [cornersOf(item)] : traceMask(item.mask, tolerance)),
    fill: 'toself',
    fillcolor: `rgba(${color.join(',')},${item.mask === undefined ? 0.08 : opacity})`,
    line,
    hoveron: 'fills',
    text: `${item.label}${score} [${box}]`,
    name: `${item.label}${score}`,
  };
  // The pixels of a class may be anywhere in the image and have no bounding box.
  if (item.mask === undefined || item.score === undefined) return [area];
  return [area, { ...base, ...outlines([cornersOf(item)]), line, hoverinfo: 'skip', name: `box of ${item.label}` }];
}

/** Polygons as one line; a missing point separates them. */
function outlines(polygons: readonly (readonly Point[])[]): { x: number[]; y: number[] } {
  const nowhere: Point = [Number.NaN, Number.NaN];
  const points = polygons.flatMap((polygon) => [...polygon, polygon[0] ?? nowhere, nowhere]).slice(0, -1);
  return { x: points.map(([x]) => x), y: points.map(([, y]) => y) };
}

/**
 * An object below the threshold stays in the figure, but is invisible and has no hover text; so the state of the legend
 * is kept.
 */
function visibleAbove(
  score: number | undefined,
  threshold: number,
  { hoveron }: ScatterTrace,
): { opacity: number; hoverinfo: 'text' | 'skip' } {
  const seen = score === undefined || score > threshold || threshold === 0;
  return { opacity: seen ? 1 : 0, hoverinfo: seen && hoveron === 'fills' ? 'text' : 'skip' };
}

function thresholdSlider(
  shapes: readonly { readonly shape: ScatterTrace; readonly score: number | undefined }[],
  threshold: number,
): LayoutSlider {
  const traces = shapes.map((_, index) => index);
  return {
    active: Math.round(threshold * steps),
    currentvalue: { prefix: 'score above ' },
    pad: { t: 24 },
    steps: Array.from({ length: steps }, (_, index) => {
      const states = shapes.map(({ shape, score }) => visibleAbove(score, index / steps, shape));
      const change = {
        opacity: states.map(({ opacity }) => opacity),
        hoverinfo: states.map(({ hoverinfo }) => hoverinfo),
      };
      return { label: (index / steps).toFixed(2), method: 'restyle', args: [change, traces] };
    }),
  };
}

function imageLayout(image: RgbImage, source: string): Layout {
  const frame = { showgrid: false, zeroline: false, constrain: 'domain' } as const;
  return {
    width,
    height: Math.round(Math.min(1.4, image.height / image.width) * (width - 160) + 150),
    xaxis: { ...frame, range: [0, image.width] },
    yaxis: { ...frame, range: [image.height, 0], scaleanchor: 'x' },
    images: [
      {
        source,
        xref: 'x',
        yref: 'y',
        x: 0,
        y: 0,
        sizex: image.width,
        sizey: image.height,
        sizing: 'stretch',
        layer: 'below',
      },
    ],
    showlegend: true,
    hovermode: 'closest',
  };
}
