import type { Polygons } from '../datasets/truth';
import { fillPolygons } from '../image/polygon-mask';
import { encodeRle } from '../image/rle';
import type { RleMask } from '../results';

/** A mask over the image; polygons are filled to the pixel as pycocotools does. */
export function trueMask(
  mask: Polygons | RleMask,
  { width, height }: { readonly width: number; readonly height: number },
): RleMask {
  return 'counts' in mask ? mask : encodeRle(fillPolygons(mask, width, height));
}
