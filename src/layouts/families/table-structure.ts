import { readPreprocess } from '../../preprocess/operators';
import { parseYaml, type YamlNode } from '../../yaml/yaml-file';
import type { Family } from './family';
import { postprocessName } from './text-preset';

const spans = (side: 'col' | 'row'): string[] => Array.from({ length: 19 }, (_, i) => ` ${side}span="${i + 2}"`);

/** The tokens of PaddleOCR's `table_structure_dict_ch.txt`. */
const usualTokens = [
  ...['<thead>', '</thead>', '<tbody>', '</tbody>', '<tr>', '</tr>', '<td>', '<td', '>', '</td>'],
  ...[...spans('col'), ...spans('row')],
];

/** What SLANet_plus is run with, for folders without an `inference.yml`. */
export const usualTableNetwork = `
PreProcess:
  transform_ops:
  - DecodeImage: { img_mode: BGR, channel_first: false }
  - ResizeTableImage: { max_len: 488 }
  - NormalizeImage: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], scale: 1./255., order: hwc }
  - PaddingTableImage: { size: [488, 488] }
  - ToCHWImage:
PostProcess: { name: TableLabelDecode }
`;

/**
 * Networks of the structure of tables, SLANet and its successors: the `inference.yml` of PaddleX, or only `PostProcess` for a
 * folder without one.
 */
export const tableStructure: Family = {
  name: 'PaddleOCR',
  expects: 'PostProcess with name TableLabelDecode',
  recognises: (root) => postprocessName(root) === 'TableLabelDecode',
  async read(root, { paddlex }) {
    const name = root.get('Global')?.get('model_name')?.string() ?? 'unknown';
    const usual = parseYaml(usualTableNetwork, 'PreProcess').require('PreProcess');
    const operators = (root.get('PreProcess') ?? usual).require('transform_ops');
    return {
      family: paddlex ? 'PaddleX' : 'PaddleOCR',
      task: 'table-structure',
      arch: name,
      labels: [],
      preprocess: readPreprocess(operators, 'PaddleOCR tables', 'unknown'),
      outputs: { tableStructure: { tokens: readTokens(root, operators), fractionsOfImage: name === 'SLANet' } },
    };
  },
};

/** With the beginning and the end; cells without a span are one token unless the configuration says otherwise. */
function readTokens(root: YamlNode, operators: YamlNode): string[] {
  const list = root.require('PostProcess').get('character_dict');
  const tokens = list === undefined ? usualTokens : list.list().map((node) => node.label());
  const whole = '<td></td>';
  const known = mergesCells(root, operators)
    ? [...tokens.filter((token) => token !== '<td>'), ...(tokens.includes(whole) ? [] : [whole])]
    : tokens;
  return ['sos', ...known, 'eos'];
}

function mergesCells(root: YamlNode, operators: YamlNode): boolean {
  const key = 'merge_no_span_structure';
  const labels = operators.list().map((step) => step.get('TableLabelEncode')?.get(key));
  return (labels.find((node) => node !== undefined) ?? root.require('PostProcess').get(key))?.boolean() ?? true;
}
