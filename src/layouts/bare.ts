import type { ModelSpec } from '../spec/spec';
import { conventionsOf } from './conventions';
import { describeModel } from './families/families';
import type { ModelLayout } from './layout';
import { namedPrograms } from './paddle-seg';
import { classificationPrograms, findProgram, holdsProgram, oldPrograms } from './programs';

const programs = [...classificationPrograms, ...oldPrograms];

/**
 * A program and its parameters without YAML, as written by PaddleClas up to 2.5 and by plain `paddle.jit.save`. The
 * user gives a configuration, or the model returns tensors.
 */
export const bare: ModelLayout = {
  name: 'Program without configuration',
  expects: 'inference.pdmodel, inference.json, model.pdmodel, model.json or __model__, and its parameters',
  recognises: (names) => holdsProgram(names, programs),
  async read(folder) {
    const { config } = folder;
    if (config === undefined) return describeTensors(this.name, await findProgram(folder, programs));
    const files = await findProgram(folder, [...namedPrograms(config.root, folder), ...programs]);
    return describeModel(this.name, config, files, folder);
  },
};

/** A model without any configuration. */
export function describeTensors(layout: string, files: Omit<ModelSpec['files'], 'config'>): ModelSpec {
  const described = {
    layout,
    family: 'unknown',
    task: 'tensors',
    arch: 'unknown',
    labels: [],
    inputSize: undefined,
    preprocess: [],
    outputs: {},
    files: { ...files, config: undefined },
  } as const;
  return { ...described, conventions: conventionsOf(described) };
}
