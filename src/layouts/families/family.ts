import type { Task } from '../../results';
import type { ModelFamily, ModelSpec } from '../../spec/spec';
import type { YamlNode } from '../../yaml/yaml-file';

/** The part of a model's specification that its configuration gives. */
export type ModelDescription = { readonly family: ModelFamily } & Pick<
  ModelSpec,
  'task' | 'arch' | 'labels' | 'preprocess' | 'outputs'
>;

/** Context for reading a configuration. */
export interface FamilyContext {
  /** Its folder, searched for further files; undefined for a configuration given as an object. */
  readonly directory: string | undefined;
  /** The folder of the program. */
  readonly modelDirectory: string;
  /** The program is a `__model__` of PaddleDetection 1.x. */
  readonly oldProgram: boolean;
  /** Whether it is an `inference.yml` that names a PaddleX model (`Global.model_name`), which PaddleX requires. */
  readonly paddlex: boolean;
  /** The task to assume for an unknown architecture or post-processing; if undefined, the model is refused. */
  readonly assumedTask: Exclude<Task, 'custom'> | undefined;
}

/** The configuration format of one toolkit. */
export interface Family {
  readonly name: ModelFamily;
  /** The keys that identify it, for the error that no format matched. */
  readonly expects: string;
  recognises(root: YamlNode): boolean;
  read(root: YamlNode, context: FamilyContext): Promise<ModelDescription>;
}
