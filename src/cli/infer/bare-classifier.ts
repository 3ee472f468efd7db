import { readdir } from '../../files/fs';
import { resolvePath } from '../../image/image';
import { isDictionary } from '../../layouts/families/dictionary';
import type { LoadModelOptions } from '../../model/load-model';

/** The preprocessing of Paddle's MobileNetV3 tutorial, whose model folders have no configuration. */
export interface BareClassifier {
  readonly resizeSize: number;
  readonly cropSize: number;
}

/**
 * A PaddleClas configuration equal to the tutorial's preprocessing (its Pillow resize, rounded as PaddleClas rounds
 * sizes).
 */
export function tutorialConfig({ resizeSize, cropSize }: BareClassifier): object {
  return {
    PreProcess: {
      transform_ops: [
        { ResizeImage: { resize_short: resizeSize, backend: 'pil', interpolation: 'bilinear' } },
        { CropImage: { size: cropSize } },
        { NormalizeImage: { order: 'hwc', scale: 1 / 255, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } },
        { ToCHWImage: null },
      ],
    },
    PostProcess: { Topk: { topk: 1 } },
  };
}

/** Tasks whose networks need no configuration, or another one. */
const otherTasks: readonly unknown[] = ['text-detection', 'text-recognition', 'table-structure', 'image-unwarping'];

/** Whether a folder says nothing about its program, and the command line does not either. */
export async function isBareClassifier(
  model: string,
  { config, task }: Pick<LoadModelOptions, 'config' | 'task'>,
): Promise<boolean> {
  if (config !== undefined || otherTasks.includes(task)) return false;
  const names = await readdir(resolvePath(model)).catch(() => undefined);
  // A dictionary beside the program tells that it reads text.
  return names !== undefined && !names.some((name) => /\.ya?ml$/i.test(name) || isDictionary(name));
}
