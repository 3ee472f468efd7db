import path from 'node:path';
import { readYaml } from '../spec/yaml-file';
import type { ModelConfig, ModelFolder } from './layout';

/** The configuration with this name in a folder. */
export async function ownConfig({ directory }: ModelFolder, name: string): Promise<ModelConfig> {
  const file = path.join(directory, name);
  return { root: await readYaml(file), file };
}
