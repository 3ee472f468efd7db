import type { Task } from '../../results';
import type { ModelFamily, ModelSpec } from '../../spec/spec';
import type { YamlNode } from '../../spec/yaml-file';

/** What a configuration says about a model, wherever its files are. */
export type ModelDescription = { readonly family: ModelFamily } & Pick<
  ModelSpec,
  'task' | 'arch' | 'labels' | 'preprocess' | 'outputs'
>;

/** What is known of a configuration beside its text. */
export interface FamilyContext {
  /** Its folder, which other files are looked for in; undefined for a configuration given as an object. */
  readonly directory: string | undefined;
  /** The program is a `__model__` of PaddleDetection 1.x. */
  readonly oldProgram: boolean;
  /** An `inference.yml` that names a model of PaddleX (`Global.model_name`), without which PaddleX takes none. */
  readonly paddlex: boolean;
  /** What a model of an architecture or with an ending that is not known is taken for; undefined: it is refused. */
  readonly assumedTask: Exclude<Task, 'custom'> | undefined;
}

/** The configuration of one toolkit. */
export interface Family {
  readonly name: ModelFamily;
  /** Keys that it is recognised by, for the message that none was. */
  readonly expects: string;
  recognises(root: YamlNode): boolean;
  read(root: YamlNode, context: FamilyContext): Promise<ModelDescription>;
}
