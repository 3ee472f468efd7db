import type { YamlNode } from '../../yaml/yaml-file';
import { type Interpolation, resizeToSize } from '../geometry';
import { maximumSide, type PreprocessOperator, readInterpolation, readName, readPair, readSize } from '../operator';
import type { PreprocessStep } from '../pipeline';
import { checkOrder } from '../planes';
import { rint } from '../rounding';
import { currentSize, type PipelineState } from '../state';

interface Parameters {
  readonly width: number;
  readonly height: number;
  readonly keepRatio: boolean;
  readonly sizeDivisor: number | undefined;
  readonly interpolation: Interpolation;
}

/** PaddleX's detectors: `target_size` is `[height, width]`, and the default interpolation is cubic. */
export const detectionResize: PreprocessOperator = {
  type: 'Resize',
  keys: ['target_size', 'keep_ratio', 'interp'],
  read(node) {
    const [height, width] = readSize(node.require('target_size'));
    return resizeStep({
      ...{ width, height },
      keepRatio: node.get('keep_ratio')?.boolean() ?? false,
      sizeDivisor: undefined,
      interpolation: readInterpolation(node.get('interp'), 2),
    });
  },
};

/** OpenCV's codes by PaddleX's names. */
const names = ['NEAREST', 'LINEAR', 'BICUBIC', 'AREA', 'LANCZOS4'] as const;

/**
 * PaddleX's segmenters: `target_size` is `[width, height]`, −1 keeps the size; pixels stay 8-bit, while PaddleSeg's own
 * script converts them to float32 first.
 */
export const segmentationResize: PreprocessOperator = {
  type: 'Resize',
  keys: ['target_size', 'keep_ratio', 'size_divisor', 'interp'],
  read(node) {
    const target = readTarget(node.get('target_size'));
    if (target === undefined) return { type: 'Resize', parameters: { target: -1 }, apply: (state) => state };
    const interpolation = names.indexOf(readName(node.get('interp'), names, 'LINEAR')) as Interpolation;
    const keepRatio = node.get('keep_ratio')?.boolean() ?? true;
    const [width, height] = target;
    return resizeStep({ width, height, keepRatio, sizeDivisor: readDivisor(node), interpolation });
  },
};

function readTarget(node: YamlNode | undefined): [width: number, height: number] | undefined {
  const sides = Array.isArray(node?.value) ? node.value : [node?.value ?? -1];
  if (node === undefined || sides.every((side) => side === -1)) return undefined;
  return typeof node.value === 'number'
    ? (Array(2).fill(node.integer(1, maximumSide)) as [number, number])
    : readPair(node, '[width, height]');
}

/** Default 32; null disables it. */
function readDivisor(node: YamlNode): number | undefined {
  if (node.mapping().size_divisor === null) return undefined;
  return node.get('size_divisor')?.integer(1, 4096) ?? 32;
}

function resizeStep(parameters: Parameters): PreprocessStep {
  return {
    type: 'Resize',
    parameters: { ...parameters },
    apply: (state: PipelineState) => applyResize(state, parameters),
  };
}

/** The network gets the factors after rounding, while the deploy scripts pass the exact ones. */
function applyResize(state: PipelineState, parameters: Parameters): PipelineState {
  checkOrder(state, 'Resize', false);
  const from = currentSize(state);
  const [width, height] = sizeFor(from, parameters);
  const [originalHeight, originalWidth] = state.origShape;
  return {
    ...resizeToSize(state, width, height, parameters.interpolation),
    imShape: [height, width],
    scaleFactor: [height / originalHeight, width / originalWidth],
  };
}

function sizeFor(from: { width: number; height: number }, parameters: Parameters): [width: number, height: number] {
  const { keepRatio, sizeDivisor } = parameters;
  const target: [number, number] = [parameters.width, parameters.height];
  const sides: [number, number] = [from.width, from.height];
  const ratio = Math.min(Math.max(...target) / Math.max(...sides), Math.min(...target) / Math.min(...sides));
  const wanted = keepRatio ? sides.map((side) => Math.max(1, rint(side * ratio))) : target;
  const divisor = sizeDivisor ?? 1;
  return wanted.map((side) => Math.ceil(side / divisor) * divisor) as [number, number];
}
