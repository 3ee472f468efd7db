import { PaddleLabError } from '../errors';
import type { TensorInput } from '../inference/tensor';
import type { NetworkImage } from '../preprocess/pipeline';
import type { ModelSpec } from '../spec/spec';

/** The tensors for the program's inputs, by name; the export determines which of the usual inputs a program has. */
export function networkInputs(
  spec: ModelSpec,
  names: readonly string[],
  tensors: NetworkImage,
): Record<string, TensorInput> {
  const { inputs: version, imInfo } = spec.conventions;
  const available = version === '1.x' ? oldInputs(imInfo, tensors) : newInputs(tensors);
  // The only input of PaddleSeg, PaddleClas and others may have any name.
  if (names.length === 1 && available[names[0] as string] === undefined) {
    return { [names[0] as string]: tensors.image };
  }
  const inputs: Record<string, TensorInput> = {};
  for (const name of names) {
    const tensor = available[name];
    if (tensor === undefined) {
      const known = Object.keys(available).join(', ');
      throw new PaddleLabError(
        'MODEL_UNSUPPORTED',
        `Expected inputs among ${known} but the model needs "${name}"; feed its tensors by model.session.run`,
      );
    }
    inputs[name] = tensor;
  }
  return inputs;
}

/** PaddleDetection 2.x, PaddleSeg, PaddleClas. */
function newInputs({ image, imShape, scaleFactor }: NetworkImage): Record<string, TensorInput> {
  return { image, x: image, im_shape: row(imShape), scale_factor: row(scaleFactor) };
}

/** `create_inputs` of PaddleDetection 0.3 to 0.5: the meaning of the inputs depends on the architecture. */
function oldInputs(imInfo: 'resized' | 'padded', tensors: NetworkImage): Record<string, TensorInput> {
  const { image, origShape, resizeShape, padShape, scaleFactor } = tensors;
  const [scaleY, scaleX] = scaleFactor;
  const [height, width] = origShape;
  const imSize = imInfo === 'resized' ? resizeShape : (padShape ?? resizeShape);
  return {
    image,
    im_size: { shape: [1, 2], data: Int32Array.of(height, width) },
    im_info: row([...imSize, scaleX]),
    im_shape: row([height, width, 1]),
    scale_factor: { shape: [4], data: Float32Array.of(scaleX, scaleY, scaleX, scaleY) },
  };
}

function row(values: readonly number[]): TensorInput {
  return { shape: [1, values.length], data: Float32Array.from(values) };
}
