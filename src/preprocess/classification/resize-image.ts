import type { YamlNode } from '../../yaml/yaml-file';
import { type Interpolation, type PillowFilter, resizeToSize, resizeWithPillow } from '../geometry';
import { maximumSide, type PreprocessOperator, readName, readSize } from '../operator';
import { checkOrder } from '../planes';
import { rint } from '../rounding';
import { currentSize, type PipelineState, toBytes } from '../state';

/** Indexed by OpenCV's code. */
const opencvNames = ['nearest', 'bilinear', 'bicubic', 'area', 'lanczos'] as const;
/** Indexed by Pillow's code. */
const pillowNames = ['nearest', 'lanczos', 'bilinear', 'bicubic', 'box', 'hamming'] as const;

interface Parameters {
  readonly target: { readonly resizeShort: number } | { readonly width: number; readonly height: number };
  readonly backend: 'cv2' | 'pil';
  readonly interpolation: number;
}

/** PaddleClas `ResizeImage`: to `[width, height]`, or the short side to a length; with OpenCV or Pillow. */
export const resizeImage: PreprocessOperator = resizeWithNames(
  { cv2: opencvNames, pil: pillowNames },
  { cv2: 'bilinear', pil: 'bilinear' },
);

/** PaddleX's names for the same codes; missing where it has no name. */
const paddlexNames = {
  cv2: ['NEAREST', 'LINEAR', 'BICUBIC', 'AREA', 'LANCZOS4'],
  pil: ['NEAREST', 'LANCZOS4', 'BILINEAR', 'BICUBIC', 'BOX'],
} as const;

/** PaddleX `ResizeImage`: the same with PaddleX's own names, case-insensitive. */
export const paddlexResizeImage: PreprocessOperator = resizeWithNames(paddlexNames, { cv2: 'LINEAR', pil: 'BILINEAR' });

type Backend = Parameters['backend'];

function resizeWithNames(
  names: Readonly<Record<Backend, readonly string[]>>,
  fallback: Readonly<Record<Backend, string>>,
): PreprocessOperator {
  return {
    type: 'ResizeImage',
    keys: ['size', 'resize_short', 'interpolation', 'backend', 'return_numpy'],
    read(node) {
      const backend = readName(node.get('backend'), ['cv2', 'pil'], 'cv2');
      const parameters: Parameters = {
        target: readTarget(node),
        backend,
        interpolation: readInterpolation(node.get('interpolation'), names[backend], fallback[backend]),
      };
      const { target, interpolation } = parameters;
      return {
        type: 'ResizeImage',
        parameters: { ...target, backend, interpolation },
        apply: (state) => applyResize(state, parameters),
      };
    },
  };
}

function readTarget(node: YamlNode): Parameters['target'] {
  const short = node.get('resize_short');
  const resizeShort = short?.integer(0, maximumSide) ?? 0;
  if (resizeShort > 0) return { resizeShort };
  const [width, height] = readSize(node.require('size'), '[width, height]');
  return { width, height };
}

/** A name, or the code of the library. */
function readInterpolation(node: YamlNode | undefined, names: readonly string[], fallback: string): number {
  if (typeof node?.value === 'number') return node.integer(0, names.length - 1);
  const wanted = node?.string() ?? fallback;
  const found = names.findIndex((name) => name === wanted || (/^[A-Z]/.test(name) && name === wanted.toUpperCase()));
  if (found < 0) throw node?.expected(`one of ${names.join(', ')}`);
  return found;
}

function applyResize(state: PipelineState, { target, backend, interpolation }: Parameters): PipelineState {
  checkOrder(state, 'ResizeImage', false);
  const from = currentSize(state);
  const { width, height } = sizeFor(from, target);
  const resized =
    backend === 'pil'
      ? resizeWithPillow(toBytes(state), width, height, interpolation as PillowFilter)
      : resizeToSize(state, width, height, interpolation as Interpolation);
  return { ...resized, imShape: [height, width], scaleFactor: [height / from.height, width / from.width] };
}

function sizeFor(
  from: { width: number; height: number },
  target: Parameters['target'],
): { width: number; height: number } {
  if (!('resizeShort' in target)) return target;
  const ratio = target.resizeShort / Math.min(from.width, from.height);
  return { width: Math.max(1, rint(from.width * ratio)), height: Math.max(1, rint(from.height * ratio)) };
}
