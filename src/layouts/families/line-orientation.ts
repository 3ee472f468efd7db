import { readPreprocess } from '../../preprocess/operators';
import { parseYaml } from '../../yaml/yaml-file';
import type { Family } from './family';
import { postprocessName } from './text-preset';

/** What PP-OCR's classifier of lines is run with, which has no `inference.yml`. */
export const usualLineClassifier = `
PreProcess:
  transform_ops:
  - DecodeImage: { img_mode: BGR, channel_first: false }
  - ClsResizeImg: { image_shape: [3, 48, 192] }
PostProcess: { name: ClsPostProcess, label_list: { 0: '0', 1: '180' } }
`;

/**
 * Classifiers of PP-OCR that tell whether a line of text is upside down. PaddleX's have an `inference.yml` of PaddleClas
 * instead.
 */
export const lineOrientation: Family = {
  name: 'PaddleOCR',
  expects: 'PostProcess with name ClsPostProcess',
  recognises: (root) => postprocessName(root) === 'ClsPostProcess',
  async read(root) {
    const usual = parseYaml(usualLineClassifier, 'usual classifier of lines');
    const labels = root.require('PostProcess').get('label_list') ?? usual.require('PostProcess').require('label_list');
    const names = Array.isArray(labels.value)
      ? labels.list()
      : Object.keys(labels.mapping()).map((key) => labels.require(key));
    const operators = (root.get('PreProcess') ?? usual.require('PreProcess')).require('transform_ops');
    return {
      family: 'PaddleOCR',
      task: 'classification',
      arch: root.get('Global')?.get('model_name')?.string() ?? 'unknown',
      labels: names.map((name) => name.label()),
      preprocess: readPreprocess(operators, 'PaddleOCR classification', 'unknown'),
      outputs: { classification: { type: 'Topk', topk: 1 } },
    };
  },
};
