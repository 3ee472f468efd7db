import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PaddleLabError } from '../errors';
import { Config } from './config';
import type { ModelSource } from './config/model-config';
import { type CheckedModel, checkModelFiles, checkParamsFile, formatOfBytes, readProgram } from './model-files';

/** A model as files that were checked. */
export interface OpenedModel extends CheckedModel {
  /** The configuration, on files. */
  readonly config: Config;
  readonly program: string;
  /** The parameter file; the program itself where each parameter has a file of its own. */
  readonly params: string;
  /** Removes what was only needed until the predictor exists. */
  close(): Promise<void>;
}

const nothing = async (): Promise<void> => undefined;

/**
 * Makes files of the model and checks them.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, FILE_NOT_FOUND, MODEL_DAMAGED
 */
export async function openModel(config: Config): Promise<OpenedModel> {
  const source = config.modelSource;
  if (source.kind === 'none') {
    throw new PaddleLabError('INVALID_ARGUMENT', 'This Config has no model; call setModel or setModelBuffer first');
  }
  if (source.kind === 'bytes') return openBytes(config, source);
  if (source.kind === 'directory') return openDirectory(config, source);
  const { program, params } = source;
  return { ...(await checkModelFiles(program, params)), config, program, params, close: nothing };
}

/** Each parameter of the program is a file of its name. */
async function openDirectory(
  config: Config,
  { directory, program }: Extract<ModelSource, { kind: 'directory' }>,
): Promise<OpenedModel> {
  const checked = await readProgram(program);
  for (const slot of checked.outline.parameters) {
    await checkParamsFile(path.join(directory, slot.name), { ...checked.outline, parameters: [slot] });
  }
  return { ...checked, config, program, params: program, close: nothing };
}

async function openBytes(config: Config, { bytes }: Extract<ModelSource, { kind: 'bytes' }>): Promise<OpenedModel> {
  const folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-model-'));
  const close = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const extension = formatOfBytes(bytes.program) ?? 'pdmodel';
    const [program, params] = [path.join(folder, `model.${extension}`), path.join(folder, 'model.pdiparams')];
    await Promise.all([writeFile(program, bytes.program), writeFile(params, bytes.params)]);
    const onFiles = new Config(config);
    onFiles.setModel(program, params);
    return { ...(await checkModelFiles(program, params)), config: onFiles, program, params, close };
  } catch (error) {
    await close();
    throw error;
  }
}
