import path from 'node:path';
import { PaddleLabError } from '../errors';
import { readdir } from '../files/fs';
import type { ModelSpec } from '../spec/spec';
import { describeTensors } from './bare';
import { describeModel } from './families/families';
import { type ModelConfig, type ModelFolder, type ModelLayout, ownConfig } from './layout';
import { findProgram, oldPrograms, type ProgramNames, usualPrograms } from './programs';

const server = 'serving_server';
const conf = 'serving_server_conf.prototxt';
const configs = ['infer_cfg.yml', 'deploy.yaml', 'inference.yml'];

/** Serving 0.7 and later omits the program's prefix in the names of parameters. */
const servingPrograms: readonly ProgramNames[] = [
  ...oldPrograms,
  { name: 'model.pdmodel', params: 'params.pdiparams', format: 'pdmodel' },
  { name: 'model.json', params: 'params.pdiparams', format: 'json' },
  ...usualPrograms,
];

/**
 * Paddle Serving: the folder `serving_server`, or its parent. The export's YAML, which Serving does not need, is
 * searched in both; without it the model returns tensors.
 */
export const paddleServing: ModelLayout = {
  name: 'Paddle Serving',
  expects: 'serving_server/, or serving_server_conf.prototxt with a program and its parameters',
  recognises: (names) => names.has(server) || names.has(conf),
  async read(folder): Promise<ModelSpec> {
    const inside = folder.names.has(server) ? path.join(folder.directory, server) : folder.directory;
    const held = new Set((await readdir(inside)).sort());
    if (held.has('encrypt_model')) {
      throw new PaddleLabError('MODEL_UNSUPPORTED', `The model in ${inside} is encrypted; export it without a key`);
    }
    const programs = servingPrograms.filter(
      ({ name, params }) => !held.has(name) || held.has(params) || name === '__model__',
    );
    const files = await findProgram({ ...folder, directory: inside, names: held }, programs);
    const config = folder.config ?? (await exportedConfig(inside, held));
    if (config === undefined) return describeTensors(this.name, files);
    // Kept as given, so that the model can be reloaded from it.
    const spec = await describeModel(this.name, config, files, folder);
    return { ...spec, files: { ...spec.files, directory: folder.directory } };
  },
};

async function exportedConfig(inside: string, held: ReadonlySet<string>): Promise<ModelConfig | undefined> {
  const parent = path.dirname(inside);
  const beside = new Set(await readdir(parent).catch(() => []));
  for (const [directory, names] of [[inside, held] as const, [parent, beside] as const]) {
    const name = configs.find((candidate) => names.has(candidate));
    if (name !== undefined) return ownConfig({ directory } as ModelFolder, name);
  }
  return undefined;
}
