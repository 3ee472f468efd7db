import path from 'node:path';
import { decodeImage, type RgbImage } from '../image/image';
import { resolveImages } from '../image/resolve-images';
import type { TensorData } from '../inference/data-type';
import { type ProgramFormat, readProgram } from '../inference/model-files';
import type { OutlineInput } from '../inference/program-check/program-desc';
import { checkTensorInput, type TensorInput } from '../inference/tensor';
import { readModelSpec } from '../layouts/layouts';
import { type PreparedImage, prepareImage } from '../model-io/model-io';
import { samplePicture } from '../model-io/sample-inputs';
import { mayBatch, stackInputs } from '../predict/batch';
import type { Task } from '../results';
import type { CustomTask, ModelSpec } from '../spec/spec';
import type { Feed, TensorMessage } from './measuring-protocol';
import type { CompareImages } from './options';

/** The compared model and its inputs. */
export interface ComparedModel {
  readonly spec: ModelSpec;
  readonly format: ProgramFormat;
  readonly pixels: readonly RgbImage[];
  /** One per picture. */
  readonly feeds: readonly Feed[];
  /** Inputs of the larger batches, by batch size; or a text with the reason why there are none. */
  readonly batches: ReadonlyMap<number, Feed | string>;
}

/** Reads the model's folder, decodes the images and preprocesses them, once for all backends. */
export async function readComparedModel(
  directory: string,
  images: CompareImages | undefined,
  options: {
    readonly format: ProgramFormat | undefined;
    readonly config: string | object | undefined;
    readonly batchSizes: readonly number[];
    /** The task of a loaded model; with `tensors` the raw outputs are compared. */
    readonly task: Task | CustomTask | undefined;
    readonly signal: AbortSignal | undefined;
  },
): Promise<ComparedModel> {
  const { task } = options;
  const assumedTask = typeof task === 'object' || task === 'custom' ? 'tensors' : task;
  const found = await readModelSpec(directory, { ...options, assumedTask });
  const spec = withTask(found, task);
  const { format, outline } = await readProgram(spec.files.program);
  const pixels = await decodeAll(images);
  const names = outline.inputs.map(({ name }) => name);
  const prepared: PreparedImage[] = [];
  for (const image of pixels) prepared.push(await prepareImage(spec, names, image));
  const feeds = prepared.map(({ inputs }) => toFeed(outline.inputs, inputs));
  const batches = new Map(
    options.batchSizes.map((size) => [size, batchOf(spec, outline.inputs, prepared, size)] as const),
  );
  return { spec, format, pixels, feeds, batches };
}

function withTask(found: ModelSpec, task: Task | CustomTask | undefined): ModelSpec {
  if (typeof task === 'object') return { ...found, task: 'custom', customTask: task };
  return task === 'tensors' ? { ...found, task, customTask: undefined } : found;
}

async function decodeAll(images: CompareImages | undefined): Promise<RgbImage[]> {
  if (images === undefined) return [samplePicture()];
  const pixels: RgbImage[] = [];
  for (const image of await resolveImages(images)) pixels.push(await decodeImage(image));
  return pixels;
}

function batchOf(
  spec: ModelSpec,
  declared: readonly OutlineInput[],
  prepared: readonly PreparedImage[],
  size: number,
): Feed | string {
  if (size > 1 && !mayBatch(spec, declared)) return 'the model takes one image per run';
  const images = Array.from({ length: size }, (_, i) => prepared[i % prepared.length] as PreparedImage);
  return toFeed(declared, stackInputs(images));
}

function toFeed(declared: readonly OutlineInput[], inputs: Readonly<Record<string, TensorInput>>): Feed {
  return declared.map(({ name, dtype }): TensorMessage => {
    const wanted = dtype === undefined || dtype === 'string' ? undefined : dtype;
    const checked = checkTensorInput(name, inputs[name] as TensorInput, wanted);
    return { name, dtype: checked.dtype, shape: checked.shape, data: checked.data as TensorData };
  });
}

/** The name of a folder or file in the report. */
export function modelName({ files }: ModelSpec): string {
  return path.basename(files.directory);
}
