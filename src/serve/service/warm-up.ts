import type { InferenceSession } from '../../backends/session';
import { dataTypeFromCode } from '../../inference/data-type';
import type { RunInputs } from '../../inference/feeds';
import { readProgram } from '../../inference/model-files';
import type { Tensor, TensorInput } from '../../inference/tensor';
import type { AnyModel } from '../../model/load-model';
import { sampleInputs } from '../../model-io/sample-inputs';
import { parseModelUrl } from '../../spec/model-url';
import { leavesBatchFree, split, stack } from './batches';
import { inputPort, outputPort, type ServedPort } from './ports';

/** Facts of a network that its first runs show. */
export interface WarmModel {
  readonly inputs: readonly ServedPort[];
  readonly outputs: readonly ServedPort[];
  /** Whether requests may share a run. */
  readonly batches: boolean;
}

/**
 * Runs each session once, because the first run takes longest, and finds out what the program does not say: types and
 * shapes of outputs, and whether a batch has the rows of each request.
 *
 * @throws PaddleLabError if the network can't run
 */
export async function warmUp(model: AnyModel, sessions: readonly InferenceSession[]): Promise<WarmModel> {
  const { spec, session } = model;
  const inputs = session.inputs.map(inputPort);
  const sample = await sampleOf(model);
  if (sample === undefined) {
    // Without an example only the names are known.
    const outputs = session.outputNames.map((name) => ({ name, datatype: 'FP32', shape: [] }));
    return { inputs, outputs, batches: false };
  }
  const [tensors = []] = await Promise.all(sessions.map((one) => one.run(sample)));
  const declared = await declaredOutputs(model);
  const fixedBatch = inputs.every(({ shape }) => shape[0] !== -1);
  const outputs = tensors.map((tensor) => outputPort(tensor, declared.get(tensor.name), fixedBatch));
  const batches = leavesBatchFree(spec, inputs) && (await sharesRuns(model, sample, tensors));
  return { inputs, outputs, batches };
}

async function sampleOf({ spec, session }: AnyModel): Promise<RunInputs | undefined> {
  const declared = session.inputs.map(({ name, dtype, shape }) => {
    return { name, shape, dtype: dtype === 'unknown' ? undefined : dtype };
  });
  const sample = await sampleInputs(spec, declared);
  if (sample === undefined) return undefined;
  return Object.fromEntries(
    sample.map(({ name, type, shape, data }): [string, TensorInput] => {
      return [name, { dtype: dataTypeFromCode(type)!, shape, data }];
    }),
  );
}

async function declaredOutputs({ spec }: AnyModel): Promise<ReadonlyMap<string, readonly number[]>> {
  const { program } = spec.files;
  if (parseModelUrl(program) !== undefined) return new Map();
  const { outline } = await readProgram(program);
  return new Map(outline?.outputs.map(({ name, shape }) => [name, shape]) ?? []);
}

/** Whether runs of two and three answer the shapes of single ones. */
async function sharesRuns({ spec, session }: AnyModel, sample: RunInputs, alone: readonly Tensor[]): Promise<boolean> {
  const shapes = JSON.stringify(alone.map(({ shape }) => shape));
  for (const size of [2, 3]) {
    const requests = Array.from({ length: size }, () => sample);
    const parts = await session.run(stack(requests)).then(
      (outputs) => split(spec, outputs, size),
      () => [undefined],
    );
    const same = parts.every((part) => part !== undefined && JSON.stringify(part.map(({ shape }) => shape)) === shapes);
    if (!same) return false;
  }
  return true;
}
