import { type OfficialModelName, officialModels } from '../hub/catalogue/official-models';
import type { ModelSpec } from '../spec/spec';
import { parseYaml } from '../yaml/yaml-file';
import { conventionsOf } from './conventions';
import { dictionaryBeside, withoutDictionary } from './families/dictionary';
import { describeModel } from './families/families';
import { usualLineClassifier } from './families/line-orientation';
import { usualTableNetwork } from './families/table-structure';
import { usualDetector } from './families/text-detection';
import type { AssumedTask, ModelConfig, ModelFolder, ModelLayout } from './layout';
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
    const config = folder.config ?? dictionaryConfig(folder) ?? officialConfig(folder) ?? assumedConfig(folder);
    if (config === undefined) {
      if (folder.assumedTask === 'text-recognition') throw withoutDictionary(folder.directory);
      return describeTensors(this.name, await findProgram(folder, programs));
    }
    const files = await findProgram(folder, [...namedPrograms(config.root, folder), ...programs]);
    return describeModel(this.name, config, files, folder);
  },
};

/** A recogniser of PP-OCR needs its dictionary only. */
function dictionaryConfig({ names, directory, officialName }: ModelFolder): ModelConfig | undefined {
  const dictionary = dictionaryBeside(names, directory);
  if (dictionary === undefined) return undefined;
  const named = officialName === undefined ? {} : { Global: { model_name: officialName } };
  const config = { ...named, PostProcess: { name: 'CTCLabelDecode', character_dict_path: dictionary } };
  return { root: parseYaml(JSON.stringify(config), dictionary), file: undefined };
}

/** What official models that only wheels have are run with, by their names. */
const officialConfigs: Partial<Record<OfficialModelName, string>> = {
  'ch_ppocr_mobile_v2.0_cls': usualLineClassifier,
  SLANet_plus: usualTableNetwork,
};

function officialConfig({ officialName, assumedTask }: ModelFolder): ModelConfig | undefined {
  if (officialName === undefined || assumedTask === 'tensors') return undefined;
  const detects = officialModels[officialName].module === 'text_detection';
  const usual = detects ? usualDetector : officialConfigs[officialName];
  if (usual === undefined) return undefined;
  return { root: parseYaml(`Global: { model_name: ${officialName} }${usual}`, officialName), file: undefined };
}

/** What folders are run with of which the user says what they are. */
const taskConfigs: Partial<Record<AssumedTask, string>> = {
  'text-detection': usualDetector,
  'table-structure': usualTableNetwork,
  'image-unwarping': 'PostProcess: { name: DocTrPostProcess }',
};

function assumedConfig({ assumedTask }: ModelFolder): ModelConfig | undefined {
  const usual = assumedTask === undefined ? undefined : taskConfigs[assumedTask];
  return usual === undefined ? undefined : { root: parseYaml(usual, `usual ${assumedTask}`), file: undefined };
}

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
