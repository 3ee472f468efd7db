import type { InferStyle } from '../../infer/outputs/image-writers';
import type { Shard } from '../../infer/shards/shard';
import type { NamedZone } from '../../infer/summaries/zones';
import type { LoadModelOptions } from '../../model/load-model';
import { defaultSlices, type SliceSettings } from '../../predict/slice-settings';
import type { TrackerName } from '../../tracking/tracker';
import { checkInteger, checkNumber, checkOneOf } from '../../validate';
import type { BareClassifier } from './bare-classifier';
import type { ClassifierConfig } from './classifier-config';
import { readLoad } from './engine-flags';
import type { FlagValues } from './flag';
import { mergeConfiguration } from './merge-configuration';
import { isPipelineUrl, type PipelineRequest, parsePipeline, refuseModelFlags } from './read-pipeline';
import { type QueueRequest, readQueue } from './read-queue';
import { readShard } from './read-shard';
import { readZones } from './read-zones';
import { refuse } from './refuse';

/** The input of a prediction. */
export type InferSource =
  | {
      readonly kind: 'images';
      readonly paths: readonly string[];
      /** Whether subfolders are searched; PaddleDetection's `--image_dir` does not. */
      readonly recursive: boolean;
    }
  | { readonly kind: 'video'; readonly file: string }
  | { readonly kind: 'camera'; readonly id: number };

/** The names of outputs, for single images or as a summary. */
export const outputNames = ['picture', 'palette', 'coco', 'jsonl', 'csv', 'mot'] as const;
export type OutputName = (typeof outputNames)[number];

/** A command line of `paddlelab infer`, checked. */
export interface InferRequest {
  readonly model: string;
  /** The pipeline in place of a model; undefined if it is one. */
  readonly pipeline: PipelineRequest | undefined;
  readonly source: InferSource;
  /** Undefined: all images. */
  readonly shard: Shard | undefined;
  /** Undefined: on this machine. */
  readonly queue: QueueRequest | undefined;
  readonly load: LoadModelOptions;
  /** The preprocessing of a classifier without any configuration. */
  readonly bareClassifier: BareClassifier;
  readonly threshold: number | undefined;
  readonly batchSize: number;
  /** Undefined: the number of cores. */
  readonly parallel: number | undefined;
  /** Undefined: images are not divided. */
  readonly slices: SliceSettings | undefined;
  /** Undefined: objects are not followed over the frames. */
  readonly track: TrackerName | undefined;
  /** Where tracked objects are counted. */
  readonly zones: readonly NamedZone[];
  readonly outputDir: string;
  /** Undefined: the default of the task. */
  readonly outputs: readonly OutputName[] | undefined;
  readonly cocoCategories: boolean;
  readonly style: InferStyle;
  readonly existing: 'refuse' | 'overwrite' | 'resume';
  readonly console: 'summary' | 'paddle' | 'json';
  readonly benchmark: { readonly warmup?: number; readonly repeats?: number; readonly name?: string } | undefined;
}

/**
 * Reads flags and positional arguments into one request.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, DEVICE_UNAVAILABLE
 */
export function readRequest(
  positional: readonly string[],
  flags: FlagValues,
  classifier?: ClassifierConfig,
): InferRequest {
  const values = classifier === undefined ? flags : mergeConfiguration(flags, positional.length > 0, classifier);
  const text = (name: string) => values[name] as string | undefined;
  const config = isPipelineUrl(positional[0]) ? undefined : text('config');
  const given = text('pipeline') ?? text('model-dir') ?? config;
  const [model, inputs] = given === undefined ? [positional[0], positional.slice(1)] : [given, positional];
  if (model === undefined) throw refuse('Expected a model: paddlelab infer MODEL IMAGE…, or --model_dir MODEL');
  const pipeline = readPipeline(model, values);
  const batchSize = checkInteger('batch-size', values['batch-size'] ?? 1, 1);
  const threshold = values.threshold as number | undefined;
  if (threshold !== undefined) checkNumber('threshold', threshold, 0, 1);
  const source = readSource(inputs, values);
  return {
    model,
    pipeline,
    source,
    shard: readShardOf(source, values),
    queue: readQueueOf(source, values),
    load: { ...readLoad(values), ...(classifier === undefined ? {} : { config: classifier.config }) },
    bareClassifier: {
      resizeSize: checkInteger('resize-size', values['resize-size'] ?? 256, 1),
      cropSize: checkInteger('crop-size', values['crop-size'] ?? 224, 1),
    },
    threshold,
    batchSize,
    parallel: values.parallel === undefined ? undefined : checkInteger('parallel', values.parallel, 1),
    slices: readSlices(values),
    track: readTrack(source, values),
    zones: readZones((values.zone as readonly string[] | undefined) ?? []),
    outputDir: text('output-dir') ?? 'output',
    outputs: readOutputs(values),
    cocoCategories: values['use-coco-category'] === true,
    style: (text('style') ?? defaultStyle(text('config'), classifier)) as InferRequest['style'],
    existing: readExisting(values),
    console: readConsole(values),
    benchmark: readBenchmark(values),
  };
}

function readPipeline(model: string, values: FlagValues): PipelineRequest | undefined {
  if (values.pipeline === undefined && !isPipelineUrl(model)) return undefined;
  refuseModelFlags(values);
  return parsePipeline(model);
}

/** A deploy.yaml belongs to PaddleSeg's script, which uses its own colours; PaddleClas' script draws nothing. */
function defaultStyle(config: string | undefined, classifier: ClassifierConfig | undefined): InferStyle {
  return config === undefined || classifier !== undefined ? 'paddlelab' : 'paddle';
}

function readSource(inputs: readonly string[], values: FlagValues): InferSource {
  const camera = values['camera-id'] as number | undefined;
  const video = values['video-file'] as string | undefined;
  const named = [values['image-file'], values['image-dir'], values['image-path']] as (string | undefined)[];
  // PaddleDetection's order: a camera has precedence over a video, a video over images, a file over a folder.
  if (camera !== undefined && camera !== -1) return { kind: 'camera', id: checkInteger('camera-id', camera, 0) };
  if (video !== undefined && video !== '') return { kind: 'video', file: video };
  const found = named.find((path) => path !== undefined && path !== '');
  const paths = found === undefined ? inputs : [...inputs, found];
  const [only] = paths;
  if (only === undefined) {
    throw refuse('Expected an input: images, folders, patterns, a list, --video_file or --camera_id');
  }
  if (paths.length === 1 && isVideo(only)) return { kind: 'video', file: only };
  return { kind: 'images', paths, recursive: found === undefined || found !== values['image-dir'] };
}

function readShardOf(source: InferSource, values: FlagValues): Shard | undefined {
  if (values.shard === undefined) return undefined;
  const shard = readShard(values.shard as string);
  if (source.kind !== 'images') throw refuse('--shard divides images, not the frames of a video or a camera');
  if (source.paths.includes('-')) throw refuse('--shard divides many images, but - is one image');
  if (values['run-benchmark'] === true) throw refuse('--shard and --run-benchmark exclude each other');
  return shard;
}

function readQueueOf(source: InferSource, values: FlagValues): QueueRequest | undefined {
  const queue = readQueue(values);
  if (queue === undefined) return undefined;
  if (source.kind !== 'images') throw refuse('--queue divides images, not the frames of a video or a camera');
  if (source.paths.includes('-')) throw refuse('--queue divides many images, but - is one image');
  for (const other of ['shard', 'run-benchmark', 'parallel']) {
    if (values[other] !== undefined) throw refuse(`--queue and --${other} exclude each other`);
  }
  return queue;
}

function readTrack(source: InferSource, values: FlagValues): TrackerName | undefined {
  const track = values.track as TrackerName | undefined;
  if (track === undefined && readOutputs(values)?.includes('mot')) throw refuse('--save mot needs --track');
  if (track === undefined && values.zone !== undefined) throw refuse('--zone counts tracked objects and needs --track');
  if (track === undefined) return undefined;
  if (source.kind === 'images') throw refuse('--track follows objects over the frames of a video or a camera');
  if (values['run-benchmark'] === true) throw refuse('--track and --run-benchmark exclude each other');
  return track;
}

function isVideo(file: string): boolean {
  return /\.(mp4|m4v|mov|avi|mkv|webm|mpe?g|wmv|flv)$/i.test(file);
}

function readOutputs(values: FlagValues): readonly OutputName[] | undefined {
  const list = values.save as string | undefined;
  const switched: OutputName[] = values['save-results'] === true ? ['coco'] : [];
  if (list === undefined) {
    if (values['save-images'] === false) return switched;
    return switched.length === 0 ? undefined : ['picture', ...switched];
  }
  const named = list.split(',').map((name) => checkOneOf('save', name.trim(), outputNames));
  return [...new Set([...named, ...switched])].filter((name) => name !== 'picture' || values['save-images'] !== false);
}

function readSlices(values: FlagValues): SliceSettings | undefined {
  if (values['slice-infer'] !== true) return undefined;
  const pair = (name: string, otherwise: readonly [number, number]) =>
    (values[name] as readonly [number, number] | undefined) ?? otherwise;
  const size = pair('slice-size', defaultSlices.size);
  const overlap = pair('overlap-ratio', defaultSlices.overlap);
  for (const side of size) checkInteger('slice-size', side, 1);
  for (const part of overlap) checkNumber('overlap-ratio', part, 0, 0.95);
  return {
    size,
    overlap,
    combine: (values['combine-method'] ?? defaultSlices.combine) as SliceSettings['combine'],
    metric: (values['match-metric'] ?? defaultSlices.metric) as SliceSettings['metric'],
    threshold: checkNumber('match-threshold', values['match-threshold'] ?? defaultSlices.threshold, 0, 1),
  };
}

function readConsole(values: FlagValues): InferRequest['console'] {
  if (values.json !== true) return values['paddle-output'] === true ? 'paddle' : 'summary';
  for (const other of ['paddle-output', 'run-benchmark'] as const) {
    if (values[other] === true)
      throw refuse(`--json and --${other} exclude each other, because both print their own lines`);
  }
  return 'json';
}

function readExisting(values: FlagValues): InferRequest['existing'] {
  if (values.overwrite === true && values.resume === true) throw refuse('--overwrite and --resume exclude each other');
  return values.overwrite === true ? 'overwrite' : values.resume === true ? 'resume' : 'refuse';
}

function readBenchmark(values: FlagValues): InferRequest['benchmark'] {
  if (values['run-benchmark'] !== true) return undefined;
  const { warmup, repeats } = values as { warmup?: number; repeats?: number };
  return {
    ...(warmup === undefined ? {} : { warmup: checkInteger('warmup', warmup, 0) }),
    ...(repeats === undefined ? {} : { repeats: checkInteger('repeats', repeats, 1) }),
    ...(values['model-name'] === undefined ? {} : { name: values['model-name'] as string }),
  };
}
