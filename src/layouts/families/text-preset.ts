import { linePresets, type TextPreset } from '../../spec/text-presets';
import type { YamlNode } from '../../yaml/yaml-file';

/** `preset` beside the keys of PaddleX: whose parameters are taken. */
export function readPreset(root: YamlNode): TextPreset {
  const node = root.get('preset');
  const presets = Object.keys(linePresets) as TextPreset[];
  const preset = presets.find((candidate) => candidate === (node?.value ?? 'paddlex'));
  if (preset === undefined) throw (node ?? root).expected(`one of ${presets.join(', ')}`);
  return preset;
}

/** `PostProcess.name`, if it is one of PaddleOCR's configurations. */
export function postprocessName(root: YamlNode): unknown {
  const { value } = root.get('PostProcess') ?? {};
  return typeof value === 'object' && value !== null ? (value as { name?: unknown }).name : undefined;
}
