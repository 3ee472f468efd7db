import type { LayoutMergeMode, OutputSettings, PaddlexSettings } from '../../spec/output-settings';
import type { YamlNode } from '../../yaml/yaml-file';

/** Optional keys of `inference.yml` that only PaddleX reads. */
export function readPaddlexOutputs(root: YamlNode): OutputSettings {
  const drawn = root.get('draw_threshold');
  const [nms, merge, unclip] = ['layout_nms', 'layout_merge_bboxes_mode', 'layout_unclip_ratio'].map((key) =>
    root.get(key),
  );
  const paddlex: PaddlexSettings = {
    layoutNms: nms?.boolean() ?? false,
    ...(drawn && isMapping(drawn) && { thresholds: perClass(drawn, (node) => node.number(0, 1)) }),
    ...(merge && { merge: isMapping(merge) ? perClass(merge, readMode) : readMode(merge) }),
    ...(unclip && { unclip: isMapping(unclip) ? perClass(unclip, readRatios) : readRatios(unclip) }),
  };
  const single = drawn && !isMapping(drawn) ? drawn.number(0, 1) : undefined;
  return { ...(single !== undefined && { threshold: single }), paddlex };
}

function isMapping({ value }: YamlNode): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function perClass<V>(node: YamlNode, read: (node: YamlNode) => V): Record<number, V> {
  const keys = Object.keys(node.mapping());
  const wrong = keys.find((key) => !/^\d+$/.test(key));
  if (wrong !== undefined) throw node.error(`Expected numbers of classes as keys but received "${wrong}"`);
  return Object.fromEntries(keys.map((key) => [key, read(node.require(key))]));
}

const modes: readonly LayoutMergeMode[] = ['union', 'large', 'small'];

function readMode(node: YamlNode): LayoutMergeMode {
  const mode = modes.find((candidate) => candidate === node.value);
  if (mode === undefined) throw node.expected(`one of ${modes.join(', ')}`);
  return mode;
}

/** A factor for both sides, or `[width, height]`. */
function readRatios(node: YamlNode): readonly [number, number] {
  if (typeof node.value === 'number') return [node.number(0, 1000), node.number(0, 1000)];
  const [width, height, ...rest] = node.list();
  if (width === undefined || height === undefined || rest.length > 0) throw node.expected('number or [width, height]');
  return [width.number(0, 1000), height.number(0, 1000)];
}
