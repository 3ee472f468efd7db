import { rapidOcrSteps } from '../../preprocess/ocr/rapid-ocr';
import { readPreprocess } from '../../preprocess/operators';
import type { TextDetectionSettings } from '../../spec/output-settings';
import { regionPresets, type TextPreset } from '../../spec/text-presets';
import { parseYaml, type YamlNode } from '../../yaml/yaml-file';
import type { Family } from './family';
import { postprocessName, readPreset } from './text-preset';

/** What the exports of PP-OCRv3 to v5 have in their `inference.yml`, for folders without one. */
export const usualDetector = `
PreProcess:
  transform_ops:
  - DecodeImage: { img_mode: BGR, channel_first: false }
  - DetResizeForTest: { limit_side_len: 960, limit_type: max }
  - NormalizeImage: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], scale: 1./255., order: hwc }
  - ToCHWImage:
PostProcess: { name: DBPostProcess, thresh: 0.3, box_thresh: 0.6, max_candidates: 1000, unclip_ratio: 1.5 }
`;

/**
 * Detectors of PP-OCR with differentiable binarization (DB): the `inference.yml` of PaddleX, or only `PostProcess` for a
 * folder without one. `preset` chooses all parameters of RapidOCR, which reads no `inference.yml`, instead of PaddleX's;
 * keys of `PostProcess` precede both.
 */
export const textDetection: Family = {
  name: 'PaddleOCR',
  expects: 'PostProcess with name DBPostProcess',
  recognises: (root) => postprocessName(root) === 'DBPostProcess',
  async read(root, { paddlex }) {
    const name = root.get('Global')?.get('model_name')?.string() ?? 'unknown';
    const preset = readPreset(root);
    const usual = parseYaml(usualDetector, 'PreProcess').require('PreProcess');
    const operators = (root.get('PreProcess') ?? usual).require('transform_ops');
    return {
      family: paddlex ? 'PaddleX' : 'PaddleOCR',
      task: 'text-detection',
      arch: name,
      labels: [],
      preprocess: preset === 'rapidocr' ? rapidOcrSteps : readPreprocess(operators, 'PaddleOCR detection', name),
      outputs: { textDetection: readSettings(root.require('PostProcess'), preset) },
    };
  },
};

function readSettings(node: YamlNode, preset: TextPreset): TextDetectionSettings {
  const { pixelThreshold, boxThreshold, unclipRatio, dilation } = regionPresets[preset];
  return {
    preset,
    pixelThreshold: node.get('thresh')?.number(0, 1) ?? pixelThreshold,
    boxThreshold: node.get('box_thresh')?.number(0, 1) ?? boxThreshold,
    maxCandidates: node.get('max_candidates')?.integer(1, 1_000_000) ?? 1000,
    unclipRatio: node.get('unclip_ratio')?.number(0.01, 100) ?? unclipRatio,
    minSize: 3,
    dilation: node.get('use_dilation')?.boolean() ?? dilation,
    scoreMode: oneOf(node.get('score_mode'), ['fast', 'slow']),
    // RapidOCR has quadrangles only.
    boxType: oneOf(node.get('box_type'), preset === 'rapidocr' ? ['quad'] : ['quad', 'poly']),
  };
}

/** One of the names; the first by default. */
function oneOf<const T extends string>(node: YamlNode | undefined, names: readonly T[]): T {
  const found = node === undefined ? names[0] : names.find((name) => name === node.value);
  if (found === undefined) throw node?.expected(`one of ${names.join(', ')}`);
  return found;
}
