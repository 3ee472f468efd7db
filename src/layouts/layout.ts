import path from 'node:path';
import type { OfficialModelName } from '../hub/catalogue/official-models';
import type { ProgramFormat } from '../inference/model-files';
import type { Task } from '../results';
import type { ModelSpec } from '../spec/spec';
import type { YamlNode } from '../yaml/yaml-file';
import { readYaml } from '../yaml/yaml-file';

/** `tensors` also stands for a user-defined task. */
export type AssumedTask = Exclude<Task, 'custom'>;

/** A model's folder, with the user's options. */
export interface ModelFolder {
  readonly directory: string;
  /** Names of its entries. */
  readonly names: ReadonlySet<string>;
  /** The program to use if the folder has both formats. */
  readonly format: ProgramFormat | undefined;
  /** A configuration that replaces the folder's own. */
  readonly config: ModelConfig | undefined;
  /** The task to assume if the configuration does not determine the outputs; if undefined, the model is refused. */
  readonly assumedTask: AssumedTask | undefined;
  /** The name by which an official model was given. */
  readonly officialName: OfficialModelName | undefined;
}

/** A configuration and its file; no file if it was given as an object. */
export interface ModelConfig {
  readonly root: YamlNode;
  readonly file: string | undefined;
}

/** A folder layout used by a toolkit. */
export interface ModelLayout {
  readonly name: string;
  /** The files that identify it, for the error that no layout matched. */
  readonly expects: string;
  recognises(names: ReadonlySet<string>): boolean;
  read(folder: ModelFolder): Promise<ModelSpec>;
}

/** The configuration that a folder holds under this name. */
export async function ownConfig({ directory }: ModelFolder, name: string): Promise<ModelConfig> {
  const file = path.join(directory, name);
  return { root: await readYaml(file), file };
}
