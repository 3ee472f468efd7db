import path from 'node:path';
import { messageOf, PaddleLabError } from '../errors';
import { readdir, statIfThere } from '../files/fs';
import { isOfficial } from '../hub/catalogue/describe';
import { folderOfName } from '../hub/resolve-model';
import { resolvePath } from '../image/image';
import type { ProgramFormat } from '../inference/model-files';
import { parseModelUrl } from '../spec/model-url';
import type { ModelSpec } from '../spec/spec';
import { parseYaml, readYaml } from '../yaml/yaml-file';
import { bare, describeTensors } from './bare';
import { describeModel } from './families/families';
import { inferenceYml } from './inference-yml';
import type { AssumedTask, ModelConfig, ModelFolder, ModelLayout } from './layout';
import { refuseUnexported, refuseUnexportedFile } from './not-exported';
import { oldPaddlex } from './old-paddlex';
import { paddleDetection1 } from './paddle-detection-1';
import { paddleDetection2 } from './paddle-detection-2';
import { paddleSegLayout } from './paddle-seg';
import { paddleServing } from './paddle-serving';
import { holdsProgram, oldPrograms, usualPrograms } from './programs';

/** The supported layouts; the first match wins. To add one, only this list changes. */
const layouts: readonly ModelLayout[] = [
  paddleSegLayout,
  paddleDetection1,
  paddleDetection2,
  inferenceYml,
  paddleServing,
  oldPaddlex,
  bare,
];

export interface ReadSpecOptions {
  /** The program to use if the folder has both formats. */
  readonly format?: ProgramFormat;
  /** A configuration that replaces the folder's own: a YAML file, or its content as an object. */
  readonly config?: string | object;
  /** The task to assume if the configuration does not determine the outputs; by default such a model is refused. */
  readonly assumedTask?: AssumedTask;
  /** Cancels the download of a model that was given by its name. */
  readonly signal?: AbortSignal;
}

/**
 * Reads a model's specification from its folder, or from that of an official model by its name, which is pulled first
 * if it is not in the cache. A YAML file in place of a folder is the configuration of its own
 * folder, or of the folder named by PaddleClas' `Global.inference_model_dir`.
 *
 * @throws PaddleLabError FILE_NOT_FOUND, MODEL_NOT_FOUND, MODEL_UNSUPPORTED, CONFIG_INVALID, DOWNLOAD_FAILED
 */
export async function readModelSpec(input: string, options: ReadSpecOptions = {}): Promise<ModelSpec> {
  if (parseModelUrl(input) !== undefined) return describeRemote(input, options);
  const place = await findPlace(input, options.signal);
  const config = options.config === undefined ? place.config : await readConfig(options.config);
  const { directory, officialName } = place;
  const names = new Set((await readdir(directory)).sort());
  const layout = chooseLayout(names);
  if (layout === undefined) {
    await refuseUnexported(directory, names);
    const known = layouts.map((candidate) => `  - ${candidate.name}: ${candidate.expects}`).join('\n');
    throw new PaddleLabError(
      'MODEL_NOT_FOUND',
      `Found no model of a known layout in ${directory} (it contains ${[...names].slice(0, 8).join(', ') || 'nothing'}). ` +
        `Known:\n${known}`,
    );
  }
  const { format, assumedTask } = options;
  return layout.read({ directory, names, format, config, assumedTask, officialName });
}

/** A model that is on a server only: the user gives its configuration, or it returns tensors. */
async function describeRemote(url: string, { config, assumedTask }: ReadSpecOptions): Promise<ModelSpec> {
  const files = { directory: url, program: url, params: url, format: 'pdmodel' } as const;
  if (config === undefined) return describeTensors('Model on a server', files);
  const spec = await describeModel('Model on a server', await readConfig(config), files, { assumedTask });
  // Nothing says in which order the export has its outputs.
  return { ...spec, conventions: { ...spec.conventions, outputOrder: 'by name' } };
}

function chooseLayout(names: ReadonlySet<string>): ModelLayout | undefined {
  // Serving exports keep the YAML in the folder, but may be copied without the program next to it.
  const onlyServed = paddleServing.recognises(names) && !holdsProgram(names, [...usualPrograms, ...oldPrograms]);
  return onlyServed ? paddleServing : layouts.find((candidate) => candidate.recognises(names));
}

async function findPlace(
  input: string,
  signal: AbortSignal | undefined,
): Promise<Pick<ModelFolder, 'directory' | 'config' | 'officialName'>> {
  const place = resolvePath(input);
  const found = await statIfThere(place);
  if (found === undefined) {
    // A path has precedence over a name.
    const pulled = await folderOfName(input, signal);
    if (pulled !== undefined) {
      return { directory: pulled, config: undefined, officialName: isOfficial(input) ? input : undefined };
    }
    throw new PaddleLabError(
      'FILE_NOT_FOUND',
      `Model folder ${input} does not exist (looked for ${place}), and no official model has this name`,
    );
  }
  if (found.isDirectory()) return { directory: place, config: undefined, officialName: undefined };
  if (!/\.ya?ml$/i.test(place)) {
    await refuseUnexportedFile(place);
    throw new PaddleLabError(
      'MODEL_NOT_FOUND',
      `Expected a model's folder or its YAML file but ${place} is another file; give the folder that contains it`,
    );
  }
  const config = { root: await readYaml(place), file: place };
  const own = path.dirname(place);
  const named = config.root.get('Global')?.get('inference_model_dir');
  const unnamed = { officialName: undefined };
  if (named === undefined) return { directory: own, config, ...unnamed };
  // The script resolves the path from the working directory; users equally often mean the file's folder.
  for (const directory of [path.resolve(own, named.string()), path.resolve(named.string())]) {
    if ((await statIfThere(directory))?.isDirectory()) return { directory, config, ...unnamed };
  }
  const beside = (await readdir(own)).some((name) => /\.pdmodel$|^inference\.json$/.test(name));
  if (beside) return { directory: own, config, ...unnamed };
  throw named.error(`Expected a model's folder but ${named.string()} does not exist`);
}

async function readConfig(config: string | object): Promise<ModelConfig> {
  if (typeof config === 'string') {
    const file = resolvePath(config);
    if (!(await statIfThere(file))?.isFile()) {
      throw new PaddleLabError('FILE_NOT_FOUND', `Configuration ${config} does not exist (looked for ${file})`);
    }
    return { root: await readYaml(file), file };
  }
  // JSON is valid YAML, so errors about an object also give a line.
  return { root: parseYaml(toJson(config), 'config'), file: undefined };
}

function toJson(config: object): string {
  try {
    return JSON.stringify(config, undefined, 2);
  } catch (error) {
    throw new PaddleLabError('INVALID_ARGUMENT', `Expected plain data for config but ${messageOf(error)}`, {
      cause: error,
    });
  }
}
