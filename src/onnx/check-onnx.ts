import path from 'node:path';
import type { Agreement } from '../agreement/agreements';
import { compareOutputs, type OutputDifference } from '../agreement/output-difference';
import { agreementOf, readBackendOutputs } from '../compare/compare-results';
import { PaddleLabError } from '../errors';
import { readFile, writeFile } from '../files/fs';
import type { RgbImage } from '../image/image';
import { Config } from '../inference/config';
import { createPredictor } from '../inference/create-predictor';
import { type DataType, dataTypeOfArray } from '../inference/data-type';
import { checkTensorInput, type Tensor, type TensorInput } from '../inference/tensor';
import { prepareImage } from '../model-io/model-io';
import { samplePicture } from '../model-io/sample-inputs';
import { packageRoot } from '../package-root';
import { runProcess } from '../processes/run-process';
import type { ModelSpec } from '../spec/spec';
import { TemporaryFolder } from '../temporary-folder';
import { answersOf, complaintsOf, type MissingPackage } from './python-answers';

/** The agreement of the converted model with Paddle's. */
export type OnnxCheck =
  | {
      readonly kind: 'compared';
      readonly onnxruntime: string;
      /** Agreement in terms of the task; undefined if nothing is comparable. */
      readonly agreement: Agreement | undefined;
      /** Undefined if shapes differ. */
      readonly difference: OutputDifference | undefined;
    }
  | { readonly kind: 'unchecked'; readonly reason: string };

interface Ran {
  readonly kind: 'outputs';
  readonly onnxruntime: string;
  readonly outputs: readonly { readonly dtype: string; readonly shape: number[]; readonly file: string }[];
}

/**
 * Runs one image through Paddle here and through onnxruntime in Python.
 *
 * @param picture if undefined, a generated one
 * @throws PaddleLabError MODEL_UNSUPPORTED (onnxruntime refuses the converted model), ABORTED
 */
export async function checkOnnx(
  spec: ModelSpec,
  onnx: string,
  options: { readonly python: string; readonly picture: RgbImage | undefined; readonly signal: AbortSignal },
): Promise<OnnxCheck> {
  const { python, picture = samplePicture(), signal } = options;
  if (spec.task === 'tensors') return { kind: 'unchecked', reason: 'the model has no preprocessing configuration' };
  const { inputs, outputs } = await runPaddle(spec, picture, signal);
  const folder = TemporaryFolder.create('model');
  try {
    const request = { model: onnx, folder: folder.path, inputs: await writeInputs(folder.path, inputs) };
    const file = path.join(folder.path, 'request.json');
    await writeFile(file, JSON.stringify(request));
    const script = path.join(packageRoot(), 'src/onnx/run_onnx.py');
    const result = await runProcess([python], [script, file], { signal, env: { ...process.env, TMPDIR: folder.path } });
    const [answer] = answersOf<Ran | MissingPackage>(result);
    if (answer?.kind === 'missing') {
      return {
        kind: 'unchecked',
        reason: `${python} has no ${answer.package}; \`${python} -m pip install onnxruntime\``,
      };
    }
    if (answer === undefined) {
      const text = `onnxruntime can't run ${onnx}: ${complaintsOf(result)}`;
      throw new PaddleLabError('MODEL_UNSUPPORTED', text, { cause: result.stderr });
    }
    const theirs = await Promise.all(answer.outputs.map((output, i) => readOutput(outputs[i]?.name ?? `${i}`, output)));
    const [expected, found] = await Promise.all(
      [outputs, theirs].map((feed) => readBackendOutputs(spec, feed, picture, undefined)),
    );
    const agreement = expected && found ? agreementOf([expected], [found]) : undefined;
    return { ...answer, kind: 'compared', agreement, difference: compareOutputs([outputs], [theirs]) };
  } finally {
    await folder.release();
  }
}

async function runPaddle(spec: ModelSpec, picture: Parameters<typeof prepareImage>[2], signal: AbortSignal) {
  const config = new Config(spec.files.program, spec.files.params);
  config.disableGpu();
  config.disableOnednn();
  const predictor = await createPredictor(config);
  try {
    const { inputs } = await prepareImage(spec, predictor.inputNames, picture);
    const outputs: readonly Tensor[] = await predictor.run(inputs, { signal });
    return { inputs, outputs };
  } finally {
    await predictor.dispose();
  }
}

function writeInputs(folder: string, inputs: Readonly<Record<string, TensorInput>>) {
  return Promise.all(
    Object.entries(inputs).map(async ([name, input], i) => {
      const { dtype, shape, data } = checkTensorInput(name, input);
      const file = path.join(folder, `input-${i}`);
      await writeFile(file, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      return { name, dtype, shape, file };
    }),
  );
}

const arrays: Readonly<Record<string, (bytes: ArrayBuffer) => Tensor['data']>> = {
  float32: (bytes) => new Float32Array(bytes),
  float64: (bytes) => new Float64Array(bytes),
  int32: (bytes) => new Int32Array(bytes),
  int64: (bytes) => new BigInt64Array(bytes),
  uint8: (bytes) => new Uint8Array(bytes),
  bool: (bytes) => new Uint8Array(bytes),
};

async function readOutput(name: string, { dtype, shape, file }: Ran['outputs'][number]): Promise<Tensor> {
  const bytes = await readFile(file);
  const read = arrays[dtype];
  if (read === undefined) throw new PaddleLabError('MODEL_UNSUPPORTED', `Output ${name} of the ONNX model is ${dtype}`);
  const data = read(new Uint8Array(bytes).buffer);
  const type: DataType = dataTypeOfArray(data) ?? 'float32';
  return { name, dtype: type, shape, data, lod: [] };
}
