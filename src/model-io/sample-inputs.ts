import type { RgbImage } from '../image/image';
import { dataTypeCode } from '../inference/data-type';
import { fitsDeclared, guessInputs } from '../inference/engine-trial/made-up-inputs';
import type { TrialInput } from '../inference/engine-trial/trial-protocol';
import type { OutlineInput } from '../inference/program-check/program-desc';
import { checkTensorInput } from '../inference/tensor';
import { runPipeline } from '../preprocess/pipeline';
import type { ModelSpec } from '../spec/spec';
import { networkInputs } from './network-inputs';

const width = 640;
const height = 480;

/**
 * Inputs for trying a model: a generated picture after the model's own preprocessing. If that does not match the
 * program's inputs (a bare program has no preprocessing), tensors of the declared shapes. Undefined if none can be
 * generated.
 */
export async function sampleInputs(
  spec: ModelSpec,
  declared: readonly OutlineInput[],
): Promise<readonly TrialInput[] | undefined> {
  try {
    const tensors = await runPipeline(samplePicture(), spec.preprocess);
    const inputNames = declared.map((input) => input.name);
    const inputs = networkInputs(spec, inputNames, tensors);
    return declared.map(({ name, dtype, shape }) => {
      if (dtype === 'string') throw new Error('No picture becomes text');
      const checked = checkTensorInput(name, { dtype, ...inputs[name]! });
      if (!fitsDeclared(shape, checked.shape)) throw new Error('The program declares another shape');
      return { name, type: dataTypeCode(checked.dtype), shape: checked.shape, lod: [], data: checked.data };
    });
  } catch {
    // A preprocessing error is reported when the user passes an image.
    return guessInputs(declared);
  }
}

/** Coloured discs and rectangles on a gradient: objects to detect, deterministic on every machine. */
export function samplePicture(): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const disc = (x % 213) - 106;
      const row = (y % 240) - 120;
      const inside = x < 426 ? disc ** 2 + row ** 2 < 70 ** 2 : Math.abs(disc) < 60 && Math.abs(row) < 50;
      const at = (y * width + x) * 3;
      data[at] = inside ? 220 : (x * 160) / width + 40;
      data[at + 1] = inside ? 40 + (x >> 3) : (y * 160) / height + 60;
      data[at + 2] = inside ? 60 : 200 - ((x + y) >> 3);
    }
  }
  return { width, height, data };
}
