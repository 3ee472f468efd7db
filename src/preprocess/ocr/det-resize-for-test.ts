import type { YamlNode } from '../../yaml/yaml-file';
import { resizeToSize } from '../geometry';
import { maximumSide, type OperatorContext, type PreprocessOperator, readName } from '../operator';
import { checkOrder } from '../planes';
import { rint } from '../rounding';
import { currentSize, type PipelineState, pad } from '../state';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Which side is limited how: the long one to at most, the short one to at least, the long one to exactly `side`. */
export interface SideLimit {
  readonly side: number;
  readonly type: 'max' | 'min' | 'resize_long';
}

type Parameters =
  | (SideLimit & { readonly longest: number })
  | { readonly height: number; readonly width: number; readonly keepRatio: boolean };

/** Models for which PaddleX limits the long side, by their names. */
const limitedByLongSide = /^PP-OCRv(3|4|5)_(server|mobile)_det$|^PP-OCRv6_(medium|small|tiny)_det$/;

/**
 * PaddleOCR's `DetResizeForTest`, as PaddleX runs it: sides are limited and rounded to multiples of 32. `resize_long`
 * is the limit, whichever side is limited.
 */
export const detResizeForTest: PreprocessOperator = {
  type: 'DetResizeForTest',
  keys: ['limit_side_len', 'limit_type', 'max_side_limit', 'resize_long', 'image_shape', 'keep_ratio'],
  read(node, { arch }: OperatorContext) {
    const parameters = readParameters(node, limitedByLongSide.test(arch));
    return {
      type: 'DetResizeForTest',
      parameters: { ...parameters },
      apply: (state) => applyResize(state, parameters),
    };
  },
};

function readParameters(node: YamlNode, long: boolean): Parameters {
  const shape = node.get('image_shape');
  if (shape !== undefined) {
    const [height, width, ...rest] = shape.list();
    if (height === undefined || width === undefined || rest.length > 0) throw shape.expected('[height, width]');
    const sides = { height: height.integer(1, maximumSide), width: width.integer(1, maximumSide) };
    return { ...sides, keepRatio: node.get('keep_ratio')?.boolean() ?? false };
  }
  const side = (node.get('limit_side_len') ?? node.get('resize_long'))?.integer(1, maximumSide);
  return {
    side: side ?? (long ? 960 : 736),
    type: readName(node.get('limit_type'), ['max', 'min', 'resize_long'], long ? 'max' : 'min'),
    longest: node.get('max_side_limit')?.integer(32, maximumSide) ?? 4000,
  };
}

function applyResize(state: PipelineState, parameters: Parameters): PipelineState {
  checkOrder(state, 'DetResizeForTest', false);
  const padded = withLeastSize(state);
  const from = currentSize(padded);
  const { width, height } = 'side' in parameters ? limitSides(from, parameters) : fixedSize(from, parameters);
  const resized = resizeToSize(padded, width, height, 1);
  return { ...resized, imShape: [height, width], scaleFactor: [height / from.height, width / from.width] };
}

/** Very small images are put on a black canvas; like PaddleX, regions are scaled as if there were none. */
function withLeastSize(state: PipelineState): PipelineState {
  const { width, height } = currentSize(state);
  if (width + height >= 64) return state;
  return pad(state, { width: Math.max(32, width), height: Math.max(32, height) }, [0, 0, 0]);
}

function fixedSize(from: Size, { height, width, keepRatio }: Extract<Parameters, Size>): Size {
  return keepRatio ? { height, width: Math.ceil((from.width * height) / from.height / 32) * 32 } : { height, width };
}

function limitSides(from: Size, { longest, ...limit }: Extract<Parameters, SideLimit>): Size {
  const scaled = scaleSides(from, ratioFor(from, limit));
  const long = Math.max(scaled.width, scaled.height);
  const { width, height } = long > longest ? scaleSides(scaled, longest / long) : scaled;
  return { width: Math.max(32, roundTo32(width)), height: Math.max(32, roundTo32(height)) };
}

/** The factor that limits one side; 1 if it is within the limit. */
export function ratioFor({ width, height }: Size, { side, type }: SideLimit): number {
  const [short, long] = [Math.min(width, height), Math.max(width, height)];
  if (type === 'resize_long') return side / long;
  if (type === 'max') return long > side ? side / long : 1;
  return short < side ? side / short : 1;
}

/** Cut to whole pixels. */
export function scaleSides({ width, height }: Size, ratio: number): Size {
  return { width: Math.trunc(width * ratio), height: Math.trunc(height * ratio) };
}

/** Half to even, as in Python. */
export function roundTo32(side: number): number {
  return rint(side / 32) * 32;
}
