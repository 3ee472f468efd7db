import { readPreprocess } from '../../preprocess/operators';
import { toGrey } from '../../preprocess/segmentation/to-grey';
import { parseYaml, type YamlNode } from '../../yaml/yaml-file';
import type { Family } from './family';

/**
 * `deploy.yaml` of PaddleSeg 2.x, and the same in an `inference.yml`. PaddleSeg writes no labels; a `label_list` beside
 * `Deploy` is used if present.
 */
export const paddleSeg: Family = {
  name: 'PaddleSeg',
  expects: 'Deploy',
  recognises: (root) => root.get('Deploy') !== undefined,
  async read(root, { paddlex }) {
    const deploy = root.require('Deploy');
    const labels = root.get('label_list') ?? deploy.get('label_list');
    const name = root.get('Global')?.get('model_name');
    // If `transforms` is missing or null, the original fails; here it means no steps.
    const transforms = deploy.get('transforms') ?? parseYaml('[]', 'transforms');
    return {
      family: paddlex ? 'PaddleX' : 'PaddleSeg',
      task: 'semantic-segmentation',
      arch: name?.string() ?? 'unknown',
      labels: labels?.list().map((node) => node.label()) ?? [],
      preprocess: [
        ...(readChannels(deploy) === 1 ? [toGrey] : []),
        ...readPreprocess(transforms, paddlex ? 'PaddleX segmentation' : 'PaddleSeg', 'unknown'),
      ],
      outputs: {},
    };
  },
};

/** `img_channels`, or the channels of `input_shape`: a network may take greyscale images. */
function readChannels(deploy: YamlNode): number {
  const own = deploy.get('img_channels');
  if (own !== undefined) {
    const channels = own.integer(1, 3);
    if (channels === 2) throw own.expected('1 or 3');
    return channels;
  }
  const shape = deploy.get('input_shape')?.value;
  return Array.isArray(shape) && shape.length === 4 && shape[1] === 1 ? 1 : 3;
}
