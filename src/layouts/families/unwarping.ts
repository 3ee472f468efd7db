import { officialModels } from '../../hub/catalogue/official-models';
import { readPreprocess } from '../../preprocess/operators';
import { parseYaml, type YamlNode } from '../../yaml/yaml-file';
import type { Family } from './family';
import { postprocessName } from './text-preset';

/** PaddleX runs all of them alike: the whole image in BGR, values 0 to 1. */
const steps = `
- DecodeImage: { img_mode: BGR }
- NormalizeImage: { mean: [0, 0, 0], std: [1, 1, 1] }
- ToCHWImage:
`;

/** Networks that flatten photographs of pages: UVDoc. What their configuration says besides their name is not used. */
export const unwarping: Family = {
  name: 'PaddleOCR',
  expects: 'Global with model_name UVDoc, or PostProcess with name DocTrPostProcess',
  recognises: (root) => postprocessName(root) === 'DocTrPostProcess' || isOfficialUnwarper(nameOf(root)),
  async read(root, { paddlex }) {
    return {
      family: paddlex ? 'PaddleX' : 'PaddleOCR',
      task: 'image-unwarping',
      arch: nameOf(root) ?? 'unknown',
      labels: [],
      preprocess: readPreprocess(parseYaml(steps, 'PreProcess'), 'PaddleOCR detection', 'unknown'),
      outputs: {},
    };
  },
};

function nameOf(root: YamlNode): string | undefined {
  const { value } = root.get('Global') ?? {};
  const name = typeof value === 'object' && value !== null ? (value as { model_name?: unknown }).model_name : undefined;
  return typeof name === 'string' ? name : undefined;
}

function isOfficialUnwarper(name: string | undefined): boolean {
  const models: Readonly<Record<string, { readonly module: string }>> = officialModels;
  return name !== undefined && Object.hasOwn(models, name) && models[name]?.module === 'image_unwarping';
}
