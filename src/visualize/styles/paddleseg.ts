import { classColor } from '../../display/palette';
import type { Scene } from '../../drawing/annotators/annotator';
import { Canvas } from '../../drawing/canvas';
import { Picture } from '../../drawing/picture';
import { decodeLabelMap } from '../../image/label-map';
import type { VisualizeOptions } from '../options';
import { refuseKind, refuseOptions } from './refuse';

/** PaddleSeg's palette: 256 colours; each is the colour of Paddle's formula for the next number. */
export function paddleSegPalette(): Uint8Array {
  return Uint8Array.from(Array.from({ length: 256 }, (_, index) => classColor(index + 1, 'paddle')).flat());
}

/**
 * The pseudo-colours of PaddleSeg's deploy script; saved as PNG, a palette image whose pixels are the class numbers.
 * With `opacity`, the colours are blended over the image instead (PaddleSeg's own prediction tool uses 0.4).
 */
export async function drawPaddleSeg(scene: Scene, options: VisualizeOptions): Promise<Picture> {
  const { result, objects, image } = scene;
  if (result.kind !== 'semantic-segmentation') {
    throw refuseKind('paddleseg', ['semantic-segmentation'], result.kind);
  }
  refuseOptions('paddleseg', options, ['threshold', 'labels', 'opacity']);
  const palette = paddleSegPalette();
  const caption = `${objects.length} ${objects.length === 1 ? 'class' : 'classes'}`;
  if (options.opacity !== undefined) return await blend(scene, palette, options.opacity, caption);
  const { width, height } = image;
  // The script casts to bytes, which wraps large values around.
  const indices = Uint8Array.from(decodeLabelMap(result).data);
  const data = new Uint8Array(width * height * 3);
  indices.forEach((index, pixel) => {
    data.set(palette.subarray(index * 3, index * 3 + 3), pixel * 3);
  });
  return new Picture({ width, height, data }, caption, { indices, palette });
}

async function blend({ image, objects }: Scene, palette: Uint8Array, alpha: number, caption: string): Promise<Picture> {
  const canvas = new Canvas(image);
  for (const { mask, classId } of objects) {
    if (mask === undefined) continue;
    const [red = 0, green = 0, blue = 0] = palette.subarray((classId % 256) * 3);
    const fill = [red, green, blue] as const;
    canvas.mask(mask, { fill, fillAlpha: alpha, edge: fill, edgeAlpha: alpha, edgeWidth: 1 });
  }
  return new Picture({ width: image.width, height: image.height, data: await canvas.render() }, caption);
}
