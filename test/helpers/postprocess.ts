import type { Tensor } from '../../src';
import { conventionsOf } from '../../src/layouts/conventions';
import type { Task } from '../../src/results';
import type { ModelSpec } from '../../src/spec/spec';
import type { Content } from '../../src/tasks/task-definition';
import { taskOfModel } from '../../src/tasks/tasks';

type Dtype = 'float32' | 'int32' | 'int64' | 'uint8' | 'bool';

/** A tensor of plain numbers. */
export function tensor(dtype: Dtype, shape: readonly number[], values: ArrayLike<number>): Tensor {
  const make = {
    float32: () => Float32Array.from(values),
    int32: () => Int32Array.from(values),
    int64: () => BigInt64Array.from(values, BigInt),
    uint8: () => Uint8Array.from(values),
    bool: () => Uint8Array.from(values),
  };
  return { name: 'out', dtype, shape, data: make[dtype](), lod: [] };
}

export interface ReadCase {
  readonly spec?: Partial<ModelSpec>;
  readonly image?: { readonly width: number; readonly height: number };
  readonly threshold?: number;
  readonly probabilities?: boolean;
  /** `[height, width]` of the network's input, and of the image in it; the image's size by default. */
  readonly size?: readonly [number, number];
  readonly content?: readonly [number, number];
  readonly origin?: readonly [number, number];
  readonly scaleFactor?: readonly [number, number];
}

/** Postprocesses outputs like a model of this task. */
export function readAs<T extends Task>(
  task: T,
  outputs: readonly Tensor[],
  options: ReadCase = {},
): Promise<Content<T>> {
  const { image = { width: 100, height: 80 }, threshold, scaleFactor = [1, 1] } = options;
  const size = options.size ?? ([image.height, image.width] as const);
  const described = {
    layout: 'test',
    family: 'PaddleDetection 2.x',
    task,
    arch: 'YOLO',
    labels: ['a', 'b', 'c'],
    inputSize: undefined,
    preprocess: [],
    outputs: {},
    files: { directory: '/m', config: '/m/infer_cfg.yml', program: '', params: '', format: 'pdmodel' },
    ...options.spec,
  } as const;
  const spec: ModelSpec = { ...described, conventions: conventionsOf(described as never) } as ModelSpec;
  const network = {
    size,
    content: options.content ?? size,
    origin: options.origin ?? ([0, 0] as const),
    imShape: size,
    scaleFactor,
  };
  return taskOfModel({ task }).read(outputs, {
    spec,
    image,
    threshold,
    network,
    probabilities: options.probabilities,
  });
}
