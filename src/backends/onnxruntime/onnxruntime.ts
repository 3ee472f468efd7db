import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { messageOf, PaddleLabError } from '../../errors';
import { existsSync } from '../../files/fs';
import type { Precision } from '../../inference/config';
import { type DataType, dataTypeOfArray, type TensorData } from '../../inference/data-type';
import type { RunInputs } from '../../inference/feeds';
import type { RunOptions } from '../../inference/predictor';
import type { DeclaredInput } from '../../inference/program-ports';
import { checkTensorInput, type Tensor } from '../../inference/tensor';
import { checkString, throwIfAborted } from '../../validate';
import type { BackendBase, BackendKind, SessionModel } from '../backend-kind';
import type { InferenceSession, SessionInfo } from '../session';

/** Runs the model, converted to ONNX, on the onnxruntime-node of the project in the current folder. */
export interface OnnxRuntimeOptions extends BackendBase {
  readonly kind: 'onnxruntime';
  readonly precision?: Precision;
  /** The converted model; by default `inference.onnx` or `model.onnx` in the program's folder. */
  readonly onnx?: string;
}

export const onnxRuntime: BackendKind<OnnxRuntimeOptions> = {
  kind: 'onnxruntime',
  optionKeys: ['precision', 'onnx'],
  check(name, { onnx }) {
    if (onnx !== undefined) checkString(`${name}.onnx`, onnx);
  },
  whyUnavailable: async (options, model) => {
    const found = findParts(options, model);
    return typeof found === 'string' ? found : undefined;
  },
  open: openOnnx,
};

/** The part of onnxruntime-node's API that is used. */
interface OnnxRuntime {
  readonly env?: { readonly versions?: { readonly common?: string } };
  readonly InferenceSession: { create(file: string, options: object): Promise<OnnxModel> };
  readonly Tensor: new (type: string, data: TensorData, shape: readonly number[]) => OnnxTensor;
}
interface OnnxTensor {
  readonly dims: readonly number[];
  readonly data: TensorData;
}
interface OnnxModel {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Since version 1.22. */
  readonly inputMetadata?: readonly { readonly type?: string; readonly shape?: readonly (number | string)[] }[];
  run(feeds: Readonly<Record<string, OnnxTensor>>): Promise<Readonly<Record<string, OnnxTensor>>>;
  release?(): Promise<void>;
}

interface Parts {
  /** Path of onnxruntime-node. */
  readonly module: string;
  /** Path of the converted model. */
  readonly file: string;
}

/** The required parts, or a sentence about what is missing. */
function findParts({ onnx, precision = 'fp32' }: OnnxRuntimeOptions, model: SessionModel): Parts | string {
  if (precision !== 'fp32') return `onnxruntime runs a model in its own precision, not in "${precision}"`;
  const module = findModule();
  if (module === undefined) return 'onnxruntime-node is not installed here; npm install onnxruntime-node';
  const folders = [model.directory, path.dirname(model.program)];
  const usual = folders.flatMap((folder) => ['inference.onnx', 'model.onnx'].map((name) => path.join(folder, name)));
  const file = (onnx === undefined ? usual : [path.resolve(onnx)]).find((one) => existsSync(one));
  if (file !== undefined) return { module, file };
  const where = onnx ?? 'inference.onnx or model.onnx beside the program';
  return `the model converted to ONNX is missing (${where}); make it with \`paddlelab convert --to onnx\``;
}

function findModule(): string | undefined {
  try {
    return createRequire(path.join(process.cwd(), 'any.js')).resolve('onnxruntime-node');
  } catch {
    return undefined;
  }
}

async function openOnnx(options: OnnxRuntimeOptions, model: SessionModel): Promise<OnnxSession> {
  const parts = findParts(options, model);
  if (typeof parts === 'string') throw new PaddleLabError('ENGINE_UNAVAILABLE', parts);
  const threads = options.threads ?? os.availableParallelism();
  const runtime = require(parts.module) as OnnxRuntime;
  try {
    const settings = { intraOpNumThreads: threads, interOpNumThreads: 1 };
    const created = await runtime.InferenceSession.create(parts.file, settings);
    const library = `onnxruntime-node ${runtime.env?.versions?.common ?? ''}`.trim();
    const info = { backend: 'onnxruntime', library, device: 'cpu', precision: 'fp32', threads } as const;
    return new OnnxSession(runtime, created, info, () => openOnnx(options, model));
  } catch (error) {
    throw new PaddleLabError('PREDICTOR_CREATE_FAILED', `onnxruntime can't load ${parts.file}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

class OnnxSession implements InferenceSession {
  readonly inputs: readonly DeclaredInput[];
  readonly outputNames: readonly string[];
  private running: Promise<unknown> = Promise.resolve();
  private disposal: Promise<void> | undefined;

  constructor(
    private readonly runtime: OnnxRuntime,
    private readonly model: OnnxModel,
    readonly info: SessionInfo,
    private readonly again: () => Promise<OnnxSession>,
  ) {
    this.inputs = model.inputNames.map((name, i) => declared(name, model.inputMetadata?.[i]));
    this.outputNames = model.outputNames;
  }

  async run(inputs: RunInputs, { signal }: RunOptions = {}): Promise<Tensor[]> {
    if (this.disposal !== undefined) throw new PaddleLabError('DISPOSED', 'This session was disposed before');
    throwIfAborted(signal);
    const feeds = Object.fromEntries(this.inputs.map(({ name }) => [name, this.toOnnx(name, inputs)]));
    const running = this.model.run(feeds);
    this.running = running.catch(() => undefined);
    const found = await running.catch((error: unknown) => {
      const text = `onnxruntime failed to run the model: ${messageOf(error)}`;
      throw new PaddleLabError('PREDICTOR_RUN_FAILED', text, { cause: error });
    });
    throwIfAborted(signal);
    return this.outputNames.map((name) => toTensor(name, found[name] as OnnxTensor));
  }

  copy(): Promise<OnnxSession> {
    return this.again();
  }

  dispose(): Promise<void> {
    this.disposal ??= this.running.then(() => this.model.release?.());
    return this.disposal;
  }

  private toOnnx(name: string, inputs: RunInputs): OnnxTensor {
    const input = inputs[name];
    if (input === undefined || 'strings' in input) {
      throw new PaddleLabError('INVALID_ARGUMENT', `Expected a tensor for input "${name}"`);
    }
    const { dtype, data, shape } = checkTensorInput(name, input);
    return new this.runtime.Tensor(dtype, data, shape);
  }
}

function declared(name: string, metadata: { type?: string; shape?: readonly (number | string)[] } = {}): DeclaredInput {
  // A name in a shape is a dynamic dimension.
  const shape = (metadata.shape ?? []).map((extent) => (typeof extent === 'number' ? extent : -1));
  return { name, dtype: (metadata.type as DataType | undefined) ?? 'float32', shape };
}

function toTensor(name: string, { data, dims }: OnnxTensor): Tensor {
  return { name, dtype: dataTypeOfArray(data) ?? 'float32', shape: [...dims], data, lod: [] };
}
