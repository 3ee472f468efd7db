import type { EngineSettings } from '../inference/engine';
import type { EngineTrialRow } from '../inference/engine-trial/choose-engine';
import type { Predictor } from '../inference/predictor';
import { escapeHtml, inspectCustom, jupyterDisplay, type MimeBundle } from '../notebook/display';
import type { ModelSpec, Task } from './spec';

/** What a model really runs on. */
export interface ModelRuntime extends EngineSettings {
  /** Version of Paddle. */
  readonly paddle: string;
  /** Why this engine: it was asked for, is the default, or won a trial (with the times of all). */
  readonly engineReason: string;
  /** How each engine did, where a trial decided; `reason` tells in full why one was out of the question. */
  readonly engineTrial?: readonly EngineTrialRow[];
}

/**
 * A model that is loaded and ready; made by `loadModel`, used by `predict`. `kind` says what it does.
 *
 * @typeParam T its task, which decides the type of its results
 */
export class Model<T extends Task = Task> {
  readonly kind: T;

  /** @internal Use `loadModel`. */
  constructor(
    kind: T,
    readonly spec: ModelSpec,
    /** The low-level predictor, for whoever wants the raw tensors. */
    readonly predictor: Predictor,
    readonly runtime: ModelRuntime,
  ) {
    this.kind = kind;
  }

  /** Frees the predictor once the predictions before are done; more calls do nothing. */
  dispose(): Promise<void> {
    return this.predictor.dispose();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  [inspectCustom](): string {
    const { arch, labels, files } = this.spec;
    const { device, engine, precision, threads, paddle, engineReason } = this.runtime;
    return (
      `Model ${this.kind} (${arch}, ${labels.length} classes, .${files.format}) on Paddle ${paddle}: ` +
      `${device}, ${engine} (${engineReason}), ${precision}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`
    );
  }

  [jupyterDisplay](): MimeBundle {
    const rows = this.rows()
      .map(
        ([name, value]) =>
          `<tr><th style="text-align:left">${name}</th><td style="text-align:left">${escapeHtml(value)}</td></tr>`,
      )
      .join('');
    return { 'text/plain': this[inspectCustom](), 'text/html': `<table>${rows}</table>` };
  }

  private rows(): [string, string][] {
    const { spec, runtime, predictor } = this;
    return [
      ['task', `${spec.task} (${spec.family}, ${spec.arch})`],
      ['classes', spec.labels.length > 12 ? `${spec.labels.length}` : spec.labels.join(', ')],
      ['inputs', predictor.inputs.map((input) => `${input.name} ${input.dtype}[${input.shape.join(', ')}]`).join('; ')],
      ['preprocessing', spec.preprocess.map(showStep).join(' → ')],
      ['runs on', `Paddle ${runtime.paddle}, ${runtime.device}, ${runtime.precision}, threads: ${runtime.threads}`],
      ['engine', `${runtime.engine} (${runtime.engineReason})`],
      ...(runtime.engineTrial ?? []).flatMap((row): [string, string][] =>
        row.outcome === 'measured' ? [] : [[`not ${row.engine}`, `${row.outcome}: ${row.reason}`]],
      ),
      ['program', `.${spec.files.format}`],
    ];
  }
}

function showStep({ type, parameters }: ModelSpec['preprocess'][number]): string {
  const shown = Object.entries(parameters).map(([name, value]) => `${name} ${showValue(value)}`);
  return shown.length === 0 ? type : `${type} (${shown.join(', ')})`;
}

function showValue(value: unknown): string {
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
}
