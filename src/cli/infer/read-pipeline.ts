import type { LoadPipelineOptions } from '../../pipelines/options';
import { parseModelUrl } from '../../spec/model-url';
import { invalidArgument } from '../../validate';
import type { FlagValues } from './flag';
import { refuse } from './refuse';

/** A pipeline on servers of PaddleX, as `loadPipeline` takes it. */
export interface PipelineRequest {
  readonly url: string | readonly string[];
  readonly options: LoadPipelineOptions;
}

/** Whether what stands in place of a model is a pipeline's URL, not that of a model on a server. */
export function isPipelineUrl(model: string | undefined): model is string {
  return model !== undefined && /^https?:\/\//i.test(model) && parseModelUrl(model) === undefined;
}

/**
 * The value of `--pipeline`: a URL, or JSON of `url` and the options of `loadPipeline`, which checks them.
 *
 * @throws PaddleLabError INVALID_ARGUMENT
 */
export function parsePipeline(text: string): PipelineRequest {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{')) return { url: trimmed, options: {} };
  let value: object;
  try {
    value = JSON.parse(trimmed) as object;
  } catch {
    // It may have a token, which neither the text nor the parser's message may show.
    throw refuse('Expected a URL or JSON for --pipeline but received "{…", which is no JSON; is it in single quotes?');
  }
  const { url, ...options } = value as { readonly url?: unknown } & LoadPipelineOptions;
  const isList = Array.isArray(url) && url.every((one) => typeof one === 'string');
  if (typeof url === 'string' || isList) return { url: url as string | readonly string[], options };
  throw invalidArgument('--pipeline', 'JSON with url, a text or a list of texts,', url);
}

/** Flags of `infer` that a pipeline takes; all others are about a model that runs here. */
const taken = [
  ...['pipeline', 'model-dir', 'image-file', 'image-dir', 'image-path', 'video-file', 'camera-id', 'shard', 'queue'],
  ...['root', 'threshold', 'parallel', 'output-dir', 'save-images', 'save-results', 'save', 'use-coco-category'],
  ...['style', 'overwrite', 'resume', 'json'],
];

/** @throws PaddleLabError INVALID_ARGUMENT */
export function refuseModelFlags(values: FlagValues): void {
  const other = Object.keys(values).find((name) => {
    return values[name] !== undefined && values[name] !== false && !taken.includes(name);
  });
  if (other === 'task') throw refuse('--task is for models; the end of the URL names the pipeline: …/object-detection');
  if (other !== undefined) throw refuse(`--${other} is for models that run here; a pipeline runs on its server`);
}
