import path from 'node:path';
import type { YamlNode } from '../yaml/yaml-file';
import { describeModel } from './families/families';
import { type ModelFolder, type ModelLayout, ownConfig } from './layout';
import { findProgram, type ProgramNames, usualPrograms } from './programs';

const config = 'deploy.yaml';

/** PaddleSeg 2.x: `deploy.yaml`, which names the program and the parameters. */
export const paddleSegLayout: ModelLayout = {
  name: 'PaddleSeg',
  expects: 'deploy.yaml with model.pdmodel or model.json and model.pdiparams',
  recognises: (names) => names.has(config),
  async read(folder) {
    const own = folder.config ?? (await ownConfig(folder, config));
    return describeModel(
      this.name,
      own,
      await findProgram(folder, [...namedPrograms(own.root, folder), ...usualPrograms]),
      folder,
    );
  },
};

/**
 * The program named in `Deploy`, and its counterpart in the other format: exports under Paddle 3 name `model.pdmodel`
 * although they wrote `model.json`. Files outside the folder are ignored.
 */
export function namedPrograms(root: YamlNode, { names }: ModelFolder): ProgramNames[] {
  const deploy = root.get('Deploy');
  const model = deploy?.get('model')?.string();
  const params = deploy?.get('params')?.string();
  if (model === undefined || params === undefined || !names.has(path.basename(params))) return [];
  const { name } = path.parse(model);
  return [
    { name: `${name}.pdmodel`, params: path.basename(params), format: 'pdmodel' },
    { name: `${name}.json`, params: path.basename(params), format: 'json' },
  ];
}
