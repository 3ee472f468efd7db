import { recResizeImg, resizeLine } from '../../preprocess/ocr/rec-resize-img';
import { readPreprocess } from '../../preprocess/operators';
import type { PreprocessStep } from '../../spec/preprocess-step';
import { linePresets, type TextPreset } from '../../spec/text-presets';
import { parseYaml, type YamlNode } from '../../yaml/yaml-file';
import { readCharacters } from './dictionary';
import type { Family } from './family';
import { postprocessName, readPreset } from './text-preset';

/** What exports of PP-OCR have in common, for folders without a configuration. */
const usualSteps = `
- DecodeImage: { img_mode: BGR, channel_first: false }
- RecResizeImg: { image_shape: [3, 48, 320] }
`;

/** PaddleX puts the text of these networks in reading order. */
const visualOrder = /^arabic_/;

/**
 * Recognisers of PP-OCR, which decode with CTC: the `inference.yml` of PaddleX, or only `PostProcess` with a dictionary
 * for a folder without one. `preset` chooses the parameters of RapidOCR instead of PaddleX's.
 */
export const textRecognition: Family = {
  name: 'PaddleOCR',
  expects: 'PostProcess with name CTCLabelDecode',
  recognises: (root) => postprocessName(root) === 'CTCLabelDecode',
  async read(root, { directory, modelDirectory, paddlex }) {
    const name = root.get('Global')?.get('model_name')?.string() ?? 'unknown';
    const operators = root.get('PreProcess')?.require('transform_ops') ?? parseYaml(usualSteps, 'PreProcess');
    const folders = [...new Set([...(directory === undefined ? [] : [directory]), modelDirectory, process.cwd()])];
    return {
      family: paddlex ? 'PaddleX' : 'PaddleOCR',
      task: 'text-recognition',
      arch: name,
      // The characters are not classes that a result could list.
      labels: [],
      preprocess: withPreset(
        readPreprocess(operators, 'PaddleOCR recognition', 'unknown'),
        readPreset(root),
        operators,
      ),
      outputs: {
        textRecognition: { characters: await readCharacters(root, folders), visualOrder: visualOrder.test(name) },
      },
    };
  },
};

function withPreset(steps: readonly PreprocessStep[], preset: TextPreset, operators: YamlNode): PreprocessStep[] {
  const { type } = recResizeImg;
  if (!steps.some((step) => step.type === type)) throw operators.error(`Expected ${type}, which resizes lines of text`);
  return steps.map((step) => {
    const { height, width } = step.parameters as { readonly height: number; readonly width: number };
    return step.type === type ? resizeLine({ height, width, ...linePresets[preset] }) : step;
  });
}
