import { anyObject, listOf, type OptionChecks, readOptions, text } from '../options';
import { type ConnectionSettings, checkUrls, connectionChecks } from './open-inference/options';

/** A pipeline on servers of PaddleX, with the options of `loadPipeline`: compared only, in mode `endToEnd`. */
export interface PipelineBackend extends ConnectionSettings {
  readonly kind: 'pipeline';
  /** Name in the report; `pipeline` by default. */
  readonly name?: string;
  /** The server, such as `http://host:8080/object-detection`; several share the load. */
  readonly url: string | readonly string[];
  readonly task?: string;
  readonly labels?: readonly string[];
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Results are compared as those of float32. */
  readonly precision?: undefined;
  readonly threads?: undefined;
}

type Own = Omit<PipelineBackend, 'kind' | 'precision' | 'threads'>;

const checks = {
  ...connectionChecks,
  name: text,
  url: checkUrls,
  task: text,
  labels: listOf('texts', text),
  parameters: anyObject,
} satisfies OptionChecks<Own>;

/** @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION */
export function checkPipelineBackend(name: string, { kind, ...own }: PipelineBackend): void {
  readOptions<Own>(`${name} of kind ${kind}`, own, checks, `${name}.`);
  // One that is absent is not checked.
  checks.url(`${name}.url`, own.url);
}

/** Whether it is a pipeline, which `loadPipeline` takes and `loadModel` does not. */
export function isPipeline<B extends { readonly kind?: string }>(backend: B): backend is B & PipelineBackend {
  return backend.kind === 'pipeline';
}
