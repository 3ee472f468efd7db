import { PaddleLabError } from '../errors';
import type { RgbImage } from '../image/image';
import type { Tensor, TensorInput } from '../inference/tensor';
import { refuseNonFinite } from '../postprocess/finite';
import { geometryOf } from '../preprocess/network-geometry';
import { runPipeline } from '../preprocess/pipeline';
import type { ProbabilityMaps, RawTensors, ResultByTask, Task, Timings } from '../results';
import type { ModelSpec } from '../spec/spec';
import { taskOfModel } from '../tasks/tasks';
import { checkBoolean, invalidArgument } from '../validate';
import { inExportOrder } from './export-order';
import { networkInputs } from './network-inputs';
import { presentResult } from './present-result';

/** An image as the network takes it. */
export interface PreparedImage {
  /** Tensors by the names of the program's inputs. */
  readonly inputs: Readonly<Record<string, TensorInput>>;
  /** Size of the original (EXIF-upright) image in pixels. */
  readonly image: { readonly width: number; readonly height: number };
}

/** What must be known of an image to read the network's answer for it. */
export interface ReadOutputsOptions {
  /** Size of the original (EXIF-upright) image in pixels. */
  readonly image: { readonly width: number; readonly height: number };
  /** What has a score above this is kept, 0 to 1; by default the task's own. */
  readonly threshold?: number;
  /** As of `predict`. */
  readonly probabilities?: boolean;
}

/** Preprocesses a decoded image for the inputs that a program lists. */
export async function prepareImage(spec: ModelSpec, names: readonly string[], image: RgbImage): Promise<PreparedImage> {
  if (spec.preprocess.length === 0 && spec.task === 'tensors') {
    throw new PaddleLabError(
      'MODEL_UNSUPPORTED',
      `Nothing says how ${spec.files.directory} wants its images; give loadModel a config (the path of a YAML file, or ` +
        'an object such as { PreProcess: { transform_ops: [...] } }), or feed tensors by model.predictor.run',
    );
  }
  const tensors = await runPipeline(image, spec.preprocess);
  const size = { width: image.width, height: image.height };
  return { inputs: networkInputs(spec, names, tensors), image: size };
}

/** Reads what the network answered for one image. */
export async function readOutputs<T extends Task>(
  spec: ModelSpec,
  kind: T,
  outputs: readonly Tensor[],
  options: ReadOutputsOptions & { readonly timings?: Omit<Timings, 'postprocessMs'>; readonly raw?: RawTensors },
): Promise<ResultByTask[T]> {
  const started = performance.now();
  const { image, threshold, timings, raw, probabilities: wanted } = options;
  const network = geometryOf(spec.preprocess, image);
  const context = { spec, image, threshold, network, probabilities: wanted };
  const task = taskOfModel({ task: kind, customTask: spec.customTask });
  const ordered = inExportOrder(spec, outputs);
  const content = await task.read(ordered, context);
  // What a task of the user's finds is the user's own, and tensors are as they are.
  if (kind !== 'custom' && kind !== 'tensors') refuseNonFinite(content as object, ordered);
  const postprocessMs = performance.now() - started;
  const spent = { decodeMs: 0, preprocessMs: 0, inferenceMs: 0, ...timings, postprocessMs };
  const { probabilities, ...plain } = content as typeof content & { readonly probabilities?: ProbabilityMaps };
  const result = { kind, image, labels: spec.labels, ...plain, timings: spent };
  return presentResult(result as unknown as ResultByTask[T], { task: spec.customTask, raw, probabilities });
}

/** Maps of probabilities are asked for in vain of any other task. */
export function checkProbabilities(kind: Task, wanted: unknown = false): boolean {
  const asked = checkBoolean('probabilities', wanted);
  if (!asked || kind === 'semantic-segmentation') return asked;
  throw invalidArgument('probabilities', `false for a model for ${kind} (only semantic-segmentation has maps)`, wanted);
}
