import path from 'node:path';
import { PaddleLabError } from '../errors';
import { symlink, writeFile } from '../files/fs';
import { TemporaryFolder } from '../temporary-folder';
import { Config } from './config';
import type { ModelBytes, ModelSource } from './config/model-settings';
import { type CheckedModel, checkModelFiles, checkSeparateFiles, formatOfBytes, stateOf } from './model-files';

/** A model as checked files. */
export interface OpenedModel extends CheckedModel {
  /** The configuration, with files that Paddle accepts. */
  readonly config: Config;
  readonly program: string;
  /** The parameter file; the folder if each parameter is a separate file. */
  readonly params: string;
  /** The folder of temporary files created for Paddle. */
  readonly folder?: TemporaryFolder;
}

/**
 * Writes the model to files if needed, and checks them.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, FILE_NOT_FOUND, MODEL_DAMAGED
 */
export async function openModel(config: Config): Promise<OpenedModel> {
  const source = config.modelSource;
  if (source.kind === 'none') {
    throw new PaddleLabError('INVALID_ARGUMENT', 'This Config has no model; call setModel or setModelBuffer first');
  }
  if (source.kind === 'bytes') return openBytes(config, source.bytes);
  if (source.kind === 'directory') return openDirectory(config, source);
  const { program, params } = source;
  const checked = await checkModelFiles(program, params);
  if (isNamedAs(program, checked)) return { ...checked, config, program, params };
  return openLink(config, checked, program, params);
}

/** The files that Paddle reads again for each clone: those of a Paddle 3 program. */
export class RereadFiles {
  private constructor(
    private readonly files: readonly string[],
    private readonly state: string,
  ) {}

  static async of({ format, program, params }: OpenedModel): Promise<RereadFiles> {
    const files = format === 'json' ? [program, params] : [];
    return new RereadFiles(files, await stateOfAll(files));
  }

  /**
   * Refuses changed files: a clone would compute with other weights, or with none.
   *
   * @throws PaddleLabError MODEL_DAMAGED
   */
  async check(): Promise<void> {
    if ((await stateOfAll(this.files)) === this.state) return;
    throw new PaddleLabError(
      'MODEL_DAMAGED',
      `Expected unchanged model files, because Paddle reads them again for a clone, but ` +
        `${this.files.join(' or ')} has changed since; create a new predictor`,
    );
  }
}

async function stateOfAll(files: readonly string[]): Promise<string> {
  return (await Promise.all(files.map(stateOf))).join('\n');
}

/** Paddle decides by the name of a program, and crashes if its content has the other format. */
function isNamedAs(program: string, { format }: CheckedModel): boolean {
  return program.endsWith('.json') === (format === 'json');
}

async function openLink(config: Config, checked: CheckedModel, program: string, params: string): Promise<OpenedModel> {
  const folder = TemporaryFolder.create('model');
  const link = path.join(folder.path, `model.${checked.format}`);
  await symlink(path.resolve(program), link);
  return { ...checked, config: onFiles(config, link, params), program: link, params, folder };
}

/** Opens a model in which each parameter is a separate file, named after it. */
async function openDirectory(
  config: Config,
  { directory, program }: Extract<ModelSource, { kind: 'directory' }>,
): Promise<OpenedModel> {
  return { ...(await checkSeparateFiles(program, directory)), config, program, params: directory };
}

async function openBytes(config: Config, bytes: ModelBytes): Promise<OpenedModel> {
  const folder = TemporaryFolder.create('model');
  try {
    const extension = formatOfBytes(bytes.program) ?? 'pdmodel';
    const [program, params] = ['model', 'params'].map((name) => path.join(folder.path, name)) as [string, string];
    const named = `${program}.${extension}`;
    await Promise.all([writeFile(named, bytes.program), writeFile(params, bytes.params)]);
    const checked = await checkModelFiles(named, params);
    return { ...checked, config: onFiles(config, named, params), program: named, params, folder };
  } catch (error) {
    await folder.release();
    throw error;
  }
}

/** The same configuration with other files. */
export function onFiles(config: Config, program: string, params: string): Config {
  const copy = new Config(config);
  copy.setModel(program, params);
  return copy;
}
