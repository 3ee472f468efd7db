import { PaddleLabError } from '../errors';
import type { RgbImage } from '../image/image';
import type { Tensor, TensorInput } from '../inference/tensor';
import { refuseNonFinite } from '../postprocess/finite';
import { geometryOf } from '../preprocess/network-geometry';
import { runPipeline } from '../preprocess/pipeline';
import type { ProbabilityMaps, RawTensors, ResultByTask, RgbPixels, Task, Timings } from '../results';
import type { ModelSpec } from '../spec/spec';
import { taskOfModel } from '../tasks/tasks';
import { checkBoolean, invalidArgument } from '../validate';
import { inExportOrder } from './export-order';
import { networkInputs } from './network-inputs';
import { presentResult } from './present-result';

/** An image as input of the network. */
export interface PreparedImage {
  /** Tensors by the program's input names. */
  readonly inputs: Readonly<Record<string, TensorInput>>;
  /** Size of the original (EXIF-upright) image in pixels. */
  readonly image: { readonly width: number; readonly height: number };
}

/** The facts about an image that are needed to read the network's outputs for it. */
export interface ReadOutputsOptions {
  /** Size of the original (EXIF-upright) image in pixels. */
  readonly image: { readonly width: number; readonly height: number };
  /** Only results with a score above this are kept, 0 to 1; by default the task's own. */
  readonly threshold?: number;
  /** As in `predict`. */
  readonly probabilities?: boolean;
}

/** What `predict` knows besides. */
interface PredictedOptions extends ReadOutputsOptions {
  readonly timings?: Omit<Timings, 'postprocessMs'>;
  readonly raw?: RawTensors;
  /** Width of the tensor of the batch. */
  readonly batchWidth?: number;
}

/** Large data of some tasks, which is not enumerable in their results. */
interface HiddenContent {
  readonly probabilities?: ProbabilityMaps;
  readonly unwarped?: RgbPixels;
}

/** Preprocesses a decoded image for the inputs of a program. */
export async function prepareImage(spec: ModelSpec, names: readonly string[], image: RgbImage): Promise<PreparedImage> {
  if (spec.preprocess.length === 0 && spec.task === 'tensors') {
    throw new PaddleLabError(
      'MODEL_UNSUPPORTED',
      `${spec.files.directory} has no configuration of its preprocessing; give loadModel a config (the path of a YAML file, or ` +
        "an object such as { PreProcess: { transform_ops: [...] } }), task: 'text-detection' for a detector of text, or feed " +
        'tensors by model.session.run',
    );
  }
  const tensors = await runPipeline(image, spec.preprocess);
  const size = { width: image.width, height: image.height };
  return { inputs: networkInputs(spec, names, tensors), image: size };
}

/** Reads the network's outputs for one image. */
export async function readOutputs<T extends Task>(
  spec: ModelSpec,
  kind: T,
  outputs: readonly Tensor[],
  options: PredictedOptions,
): Promise<ResultByTask[T]> {
  const started = performance.now();
  const { image, threshold, timings, raw, batchWidth, probabilities: wanted } = options;
  const network = { ...geometryOf(spec.preprocess, image), ...(batchWidth !== undefined && { batchWidth }) };
  const context = { spec, image, threshold, network, probabilities: wanted };
  const task = taskOfModel({ task: kind, customTask: spec.customTask });
  const ordered = inExportOrder(spec, outputs);
  const content = await task.read(ordered, context);
  // The content of a custom task belongs to the user, and raw tensors are not interpreted.
  if (kind !== 'custom' && kind !== 'tensors') refuseNonFinite(content as object, ordered);
  const postprocessMs = performance.now() - started;
  const spent = { decodeMs: 0, preprocessMs: 0, inferenceMs: 0, ...timings, postprocessMs };
  const { probabilities, unwarped, ...plain } = content as typeof content & HiddenContent;
  const result = { kind, image, labels: spec.labels, ...plain, timings: spent };
  return presentResult(result as unknown as ResultByTask[T], { task: spec.customTask, raw, probabilities, unwarped });
}

/** Refuses maps of probabilities for tasks that don't have them. */
export function checkProbabilities(kind: Task, wanted: unknown = false): boolean {
  const asked = checkBoolean('probabilities', wanted);
  if (!asked || kind === 'semantic-segmentation') return asked;
  throw invalidArgument('probabilities', `false for a model for ${kind} (only semantic-segmentation has maps)`, wanted);
}
