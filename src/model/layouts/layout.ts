import type { ProgramFormat } from '../../inference/model-files';
import type { ModelSpec } from '../spec';

export interface ReadLayoutOptions {
  /** Which program to take where the folder has both. */
  readonly format?: ProgramFormat;
}

/** One way in which toolkits lay a model out on disk. */
export interface ModelLayout {
  readonly name: string;
  /** What it is recognised by, for the message that none was. */
  readonly expects: string;
  recognises(names: ReadonlySet<string>): boolean;
  read(directory: string, names: ReadonlySet<string>, options: ReadLayoutOptions): Promise<ModelSpec>;
}
