import { type ConnectionSettings, connectionChecks } from '../backends/open-inference/options';
import { abortSignal, listOf, type OptionChecks, readOptions, text } from '../options';
import { checkOneOf, invalidArgument } from '../validate';
import { type PipelineTask, pipelineTasks } from './pipeline-tasks';

/** Options of `loadPipeline`. */
export interface LoadPipelineOptions extends ConnectionSettings {
  /** What the pipeline does, by PaddleX's name of its endpoint; by default the URL or the server says it. */
  readonly task?: PipelineTask;
  /** Class names by number, for results; by default those of the objects in each answer. */
  readonly labels?: readonly string[];
  /**
   * Further fields of each request, by PaddleX's names, such as `{ textDetUnclipRatio: 1.8 }`. `image`, `file` and
   * `visualize` are set here, pages are neither turned nor unwarped by the server,
   * so that places are in pixels of the image, and a table is the whole image.
   */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Ends loading. */
  readonly signal?: AbortSignal;
}

/** Fields of requests that have no use here, or that are set. */
const refused = [
  ...['image', 'file', 'fileType', 'visualize', 'useDocOrientationClassify', 'useDocUnwarping', 'useLayoutDetection'],
  'threshold',
];

const checks = {
  ...connectionChecks,
  task: (name, value) => checkOneOf(name, value, pipelineTasks),
  labels: listOf('texts', text),
  parameters: checkParameters,
  signal: abortSignal,
} satisfies OptionChecks<LoadPipelineOptions>;

/** @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION */
export function readPipelineOptions(options: LoadPipelineOptions): LoadPipelineOptions {
  return readOptions('loadPipeline', options, checks);
}

function checkParameters(name: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidArgument(name, "object of PaddleX's fields of a request", value);
  const key = Object.keys(value).find((one) => refused.includes(one));
  if (key === undefined) return value as Record<string, unknown>;
  throw invalidArgument(`${name}.${key}`, key === 'threshold' ? 'nothing; give it to predict' : 'nothing', value);
}
