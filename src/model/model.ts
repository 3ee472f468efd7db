import type { InferenceSession, SessionInfo } from '../backends/session';
import { escapeHtml, inspectCustom, jupyterDisplay, type MimeBundle } from '../display/display';
import { scrollingTable } from '../display/html-table';
import { PaddleLabError } from '../errors';
import { decodeImage, type ImageInput, type RgbImage } from '../image/image';
import type { Predictor } from '../inference/predictor';
import type { Tensor } from '../inference/tensor';
import {
  checkProbabilities,
  type PreparedImage,
  prepareImage,
  type ReadOutputsOptions,
  readOutputs,
} from '../model-io/model-io';
import { boolean, checkedLater, fraction, type OptionChecks, readOptions } from '../options';
import type { ResultByTask, Task } from '../results';
import { modelTitle } from '../spec/model-title';
import type { CustomTask, ModelSpec } from '../spec/spec';
import { showControls } from '../text/controls';
import { checkInteger, invalidArgument } from '../validate';

/** What a model actually runs on. */
export type ModelRuntime = SessionInfo;

const postprocessChecks = {
  image: checkedLater,
  threshold: fraction,
  probabilities: boolean,
} satisfies OptionChecks<ReadOutputsOptions>;

/**
 * A loaded model; created by `loadModel`, used by `predict`. `kind` is its task.
 *
 * @typeParam T its task, which decides the type of its results
 */
export class Model<T extends Task = Task> {
  readonly kind: T;

  /** @internal Use `loadModel`. */
  constructor(
    kind: T,
    readonly spec: ModelSpec,
    /** The session that runs its tensors: `session.run` takes and returns raw tensors. */
    readonly session: InferenceSession,
  ) {
    this.kind = kind;
  }

  /** What it actually runs on. */
  get runtime(): ModelRuntime {
    return this.session.info;
  }

  /**
   * The native predictor, if the model runs on it in this process.
   *
   * @throws PaddleLabError METHOD_UNAVAILABLE with another backend; use `session`, which every backend has
   */
  get predictor(): Predictor {
    if (this.session.predictor !== undefined) return this.session.predictor;
    const text = `This model runs on backend "${this.runtime.backend}", which has no predictor here; use model.session`;
    throw new PaddleLabError('METHOD_UNAVAILABLE', text);
  }

  /**
   * The preprocessing of `predict`: converts an image into tensors, by the names of the inputs.
   *
   * @example
   * const { inputs, image } = await model.preprocess('shapes.png');
   * const outputs = await model.predictor.run(inputs);
   * const { detections } = await model.postprocess(outputs, { image, threshold: 0.6 });
   */
  async preprocess(image: ImageInput | RgbImage): Promise<PreparedImage> {
    return prepareImage(
      this.spec,
      this.session.inputs.map(({ name }) => name),
      isPixels(image) ? image : await decodeImage(image),
    );
  }

  /** The postprocessing of `predict`: converts the network's outputs into a result. */
  async postprocess(outputs: readonly Tensor[], options: ReadOutputsOptions): Promise<ResultByTask[T]> {
    const { threshold, probabilities } = readOptions('postprocess', options, postprocessChecks);
    if (!Array.isArray(outputs)) throw invalidArgument('outputs', 'array of tensors', outputs);
    const { width, height } = options?.image ?? {};
    checkInteger('image.width', width, 1);
    checkInteger('image.height', height, 1);
    const image = { width, height } as { width: number; height: number };
    const maps = checkProbabilities(this.kind, probabilities);
    return readOutputs(this.spec, this.kind, outputs, { image, threshold, probabilities: maps });
  }

  /** Frees the predictor after pending predictions; further calls do nothing. */
  dispose(): Promise<void> {
    return this.session.dispose();
  }

  /** `dispose`, at the end of a block with `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  [inspectCustom](): string {
    const { labels, files } = this.spec;
    const { device, precision, threads, library } = this.runtime;
    const title = `Model ${this.kind} (${modelTitle(this.spec)}, ${labels.length} classes`;
    if (device === 'remote') return showControls(`${title}) on ${library}`);
    return showControls(
      `${title}, .${files.format}) on ${library}: ` +
        `${device}, ${showEngine(this.runtime)}${precision}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    );
  }

  [jupyterDisplay](): MimeBundle {
    const rows = this.rows()
      .map(
        ([name, value]) =>
          `<tr><th style="text-align:left">${name}</th><td style="text-align:left">${escapeHtml(value)}</td></tr>`,
      )
      .join('');
    return { 'text/plain': this[inspectCustom](), 'text/html': scrollingTable(rows) };
  }

  private rows(): [string, string][] {
    const { spec, runtime, session } = this;
    return [
      ['task', `${spec.customTask?.name ?? spec.task} (${spec.family}, ${spec.arch})`],
      ['layout', spec.layout],
      [
        'classes',
        spec.labels.length === 0 || spec.labels.length > 12 ? `${spec.labels.length}` : spec.labels.join(', '),
      ],
      ['image size', spec.inputSize === undefined ? 'follows the image' : `${spec.inputSize[1]}×${spec.inputSize[0]}`],
      ['inputs', session.inputs.map((input) => `${input.name} ${input.dtype}[${input.shape.join(', ')}]`).join('; ')],
      ['preprocessing', spec.preprocess.map(showStep).join(' → ')],
      ['runs on', describeRuntime(runtime)],
      ...(runtime.engine === undefined
        ? []
        : ([['engine', `${runtime.engine} (${runtime.engineReason})`]] satisfies [string, string][])),
      ...(runtime.foldedOperators === undefined
        ? []
        : ([['folded', `${runtime.foldedOperators} operators`]] satisfies [string, string][])),
      ...(runtime.engineTrial ?? []).flatMap((row): [string, string][] =>
        row.outcome === 'measured' ? [] : [[`not ${row.engine}`, `${row.outcome}: ${row.reason}`]],
      ),
      ...(runtime.device === 'remote' ? [] : [['program', `.${spec.files.format}`] satisfies [string, string]]),
    ];
  }
}

/** A model with a user-defined task; `predict` knows its result type. */
export type CustomModel<C> = Model<'custom'> & { readonly spec: { readonly customTask: CustomTask<C> } };

function describeRuntime({ library, device, precision, threads }: SessionInfo): string {
  return device === 'remote' ? library : `${library}, ${device}, ${precision}, threads: ${threads}`;
}

/** `openvino (asked for), `; empty if no Paddle engine is used. */
function showEngine({ engine, engineReason }: SessionInfo): string {
  return engine === undefined ? '' : `${engine} (${engineReason}), `;
}

function isPixels(image: ImageInput | RgbImage): image is RgbImage {
  const { width, height, data } = (image ?? {}) as Partial<RgbImage>;
  return data instanceof Uint8Array && data.length === (width ?? 0) * (height ?? 0) * 3;
}

function showStep({ type, parameters }: ModelSpec['preprocess'][number]): string {
  const shown = Object.entries(parameters).map(([name, value]) => `${name} ${showValue(value)}`);
  return shown.length === 0 ? type : `${type} (${shown.join(', ')})`;
}

function showValue(value: unknown): string {
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
}
