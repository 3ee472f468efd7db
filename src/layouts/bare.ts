import { officialModels } from '../hub/catalogue/official-models';
import type { ModelSpec } from '../spec/spec';
import { parseYaml } from '../yaml/yaml-file';
import { conventionsOf } from './conventions';
import { dictionaryBeside, withoutDictionary } from './families/dictionary';
import { describeModel } from './families/families';
import { usualDetector } from './families/text-detection';
import type { ModelConfig, ModelFolder, ModelLayout } from './layout';
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
    const config = folder.config ?? dictionaryConfig(folder) ?? officialConfig(folder);
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

/** Other networks of PP-OCR are known only by their official names, and a detector if the user says that it is one. */
function officialConfig({ officialName, assumedTask }: ModelFolder): ModelConfig | undefined {
  const module = officialName === undefined ? undefined : officialModels[officialName].module;
  const turns = module === 'textline_orientation';
  const detects = !turns && (module === 'text_detection' || assumedTask === 'text-detection');
  if (assumedTask === 'tensors' || !(turns || detects)) return undefined;
  const named = officialName === undefined ? '' : `Global: { model_name: ${officialName} }`;
  const config = `${named}${detects ? usualDetector : usualOrientation}`;
  return { root: parseYaml(config, officialName ?? 'usual detector'), file: undefined };
}

/** What RapidOCR and PaddleOCR do with the networks that find lines upside down. */
const usualOrientation = `
PreProcess:
  transform_ops:
  - DecodeImage: { to_rgb: false }
  - ClsResizeImg: { image_shape: [3, 48, 192] }
PostProcess: { Topk: { topk: 1, label_list: ['0', '180'] } }
`;

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
