import type { ImageSize, RecordedStep } from '../../spec/preprocess-step';
import { type LinePreset, linePresets } from '../../spec/text-presets';
import type { YamlNode } from '../../yaml/yaml-file';
import { resizeToSize } from '../geometry';
import { maximumSide, type PreprocessOperator } from '../operator';
import { checkOrder, toPlanes } from '../planes';
import { calculate, currentSize, type PipelineState, pad } from '../state';

export interface LineSettings extends LinePreset {
  readonly height: number;
  /** The least width of the network's input. */
  readonly width: number;
}

/**
 * PaddleOCR's `RecResizeImg`, as PaddleX runs it: a line of text is resized to the network's height, keeping its ratio,
 * values become −1 to 1, and zeros are added at the right.
 */
export const recResizeImg: PreprocessOperator = {
  type: 'RecResizeImg',
  keys: ['image_shape', 'infer_mode', 'eval_mode', 'padding', 'character_dict_path'],
  read: (node) => resizeLine({ ...lineSides(node), ...linePresets.paddlex }),
};

/** `image_shape` of a network for lines: the height of its input, and its width. */
export function lineSides(node: YamlNode): { readonly height: number; readonly width: number } {
  const shape = node.require('image_shape');
  const [channels, height, width, ...rest] = shape.list();
  if (channels === undefined || height === undefined || width === undefined || rest.length > 0) {
    throw shape.expected('[3, height, width]');
  }
  channels.integer(3, 3);
  return { height: height.integer(1, maximumSide), width: width.integer(1, maximumSide) };
}

/** The step with any settings; `least` is the ratio of width to height that the input has at least. */
export function resizeLine(settings: LineSettings, least: number = settings.width / settings.height): RecordedStep {
  const { height, width, widest, sharesWidth } = settings;
  return {
    type: 'RecResizeImg',
    parameters: { height, width, ...(widest !== undefined && { widest }), ...(sharesWidth && { sharesWidth }) },
    apply: (state) => applyResize(state, settings, least),
    ...(sharesWidth && {
      forBatch: (images: readonly ImageSize[]) => resizeLine(settings, Math.max(least, ...images.map(ratioOf))),
    }),
  };
}

function ratioOf({ width, height }: ImageSize): number {
  return width / height;
}

function applyResize(state: PipelineState, { height, widest }: LineSettings, least: number): PipelineState {
  checkOrder(state, 'RecResizeImg', false);
  const ratio = ratioOf(currentSize(state));
  const input = Math.trunc(height * Math.max(least, ratio));
  const squeezed = widest !== undefined && input > widest;
  const width = squeezed ? widest : Math.min(Math.ceil(height * ratio), input);
  const resized = resizeToSize(state, width, height, 1);
  const halves = calculate(calculate(resized, 'divide', [255], 'single'), 'subtract', [0.5], 'single');
  const scaled = calculate(halves, 'divide', [0.5], 'single');
  return toPlanes(pad(scaled, { width: squeezed ? widest : input, height }, [0, 0, 0]));
}
