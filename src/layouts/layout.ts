import path from 'node:path';
import type { ProgramFormat } from '../inference/model-files';
import type { Task } from '../results';
import type { ModelSpec } from '../spec/spec';
import type { YamlNode } from '../spec/yaml-file';
import { readYaml } from '../spec/yaml-file';

/** `tensors` also where the outputs are read by a task of the user's. */
export type AssumedTask = Exclude<Task, 'custom'>;

/** A model's folder, and what the user said beside it. */
export interface ModelFolder {
  readonly directory: string;
  /** Names of what it holds. */
  readonly names: ReadonlySet<string>;
  /** Which program to take where the folder has both. */
  readonly format: ProgramFormat | undefined;
  /** A configuration that counts instead of the folder's own. */
  readonly config: ModelConfig | undefined;
  /** What a model is taken for whose outputs are not known by its configuration; undefined: it is refused. */
  readonly assumedTask: AssumedTask | undefined;
}

/** A configuration and the file that it stands in; no file where it was given as an object. */
export interface ModelConfig {
  readonly root: YamlNode;
  readonly file: string | undefined;
}

/** One way in which toolkits lay a model out on disk. */
export interface ModelLayout {
  readonly name: string;
  /** What it is recognised by, for the message that none was. */
  readonly expects: string;
  recognises(names: ReadonlySet<string>): boolean;
  read(folder: ModelFolder): Promise<ModelSpec>;
}

/** The configuration that a folder holds under this name. */
export async function ownConfig({ directory }: ModelFolder, name: string): Promise<ModelConfig> {
  const file = path.join(directory, name);
  return { root: await readYaml(file), file };
}
