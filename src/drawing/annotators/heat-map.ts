import { PaddleLabError } from '../../errors';
import { fraction, integer, type OptionChecks, readOptions } from '../../options';
import type { PredictResult } from '../../results';
import { invalidArgument } from '../../validate';
import type { HeatValues } from '../canvas';
import { heatColors } from '../heat-colors';
import type { Annotator } from './annotator';

/** Options of the heat map. */
export interface HeatMapOptions {
  /** The class whose probabilities are shown, an integer ≥ 0; default 0. */
  readonly classId?: number;
  /** Your own values over the image, rows from the top, of any size; default: those of `predict(…, { raw: true })`. */
  readonly values?: HeatValues;
  /** The values at both ends of the colour scale; default 0 to 1 for probabilities, the range of your own values. */
  readonly range?: readonly [low: number, high: number];
  /** Opacity of the highest value, 0 to 1; default 0.75. */
  readonly opacity?: number;
}

const checks = {
  classId: integer(0),
  values: checkValues,
  range: checkRange,
  opacity: fraction,
} satisfies OptionChecks<HeatMapOptions>;

/**
 * Shows the probability of a class at each position: transparent for low values, over blue and green to yellow for high
 * ones.
 */
export function createHeatMap(options: HeatMapOptions = {}): Annotator {
  const { classId = 0, opacity = 0.75 } = readOptions('heatMap', options, checks);
  return (canvas, { result }) => {
    const values = options.values ?? classProbability(result, classId);
    const [low, high] = options.range ?? (options.values === undefined ? [0, 1] : rangeOf(values.data));
    canvas.heatMap(values, heatColors(opacity), low, high);
  };
}

function checkValues(name: string, values: unknown): HeatValues {
  const { width, height, data } = (values ?? {}) as Partial<HeatValues>;
  if (data instanceof Float32Array && width !== undefined && height !== undefined && data.length === width * height)
    return values as HeatValues;
  throw invalidArgument(name, 'width, height, and a Float32Array of width × height for data', data);
}

function checkRange(name: string, range: unknown): readonly [low: number, high: number] {
  if (Array.isArray(range) && range.length === 2 && range.every(Number.isFinite)) return range as [number, number];
  throw invalidArgument(name, 'two numbers, the values at both ends of the colours', range);
}

function rangeOf(data: Float32Array): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of data) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** The softmax over the classes of a network that was exported without argmax. */
function classProbability({ raw }: PredictResult, classId: number): HeatValues {
  const output = raw?.outputs.find(({ shape, data }) => shape.length === 4 && data instanceof Float32Array);
  const [, classes = 0, height = 0, width = 0] = output?.shape ?? [];
  if (output === undefined || classId >= classes) {
    throw new PaddleLabError(
      'INVALID_ARGUMENT',
      output === undefined
        ? 'Expected values for heatMap, or a result of predict(…, { raw: true }) whose network returns float32[1,classes,' +
            'height,width]; this one does not: a network exported with argmax has no probabilities'
        : `Expected integer < ${classes} for classId but received ${classId}`,
    );
  }
  const scores = output.data as Float32Array;
  const data = new Float32Array(width * height);
  for (let pixel = 0; pixel < data.length; pixel++) {
    let sum = 0;
    const own = scores[classId * data.length + pixel] ?? 0;
    for (let other = 0; other < classes; other++) sum += Math.exp((scores[other * data.length + pixel] ?? 0) - own);
    data[pixel] = 1 / sum;
  }
  return { width, height, data };
}
