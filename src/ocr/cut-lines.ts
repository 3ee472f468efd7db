import { cropQuads, type Quad, quadSize } from '../image/crop-quads';
import type { RgbImage } from '../image/image';
import { smallestQuads } from '../image/smallest-quads';
import { turnImage } from '../image/turn';
import { predict } from '../predict/predict';
import type { TextRegion } from '../results';
import { rapidOcrSource, wholePage } from './cut-source';
import { upsideDownClass } from './orientation-classes';
import type { LineOptions } from './read-lines';
import type { TextReader } from './text-reader';

/** A line is turned if the classifier is surer than this; PaddleX turns all that are more likely to be upside down. */
const surelyUpsideDown = { rapidocr: 0.9, paddlex: 0 } as const;

/** A region that was cut out. */
export interface CutLine {
  readonly region: TextRegion;
  /** What was cut out for it. */
  readonly quad: Quad;
  /** The straightened line, upright if there is a network for orientation. */
  readonly crop: RgbImage;
  /** Whether it was upside down. */
  readonly turned: boolean;
}

/** Cuts regions out of a page, and turns those that are upside down. */
export async function cutLines(
  page: RgbImage,
  regions: readonly TextRegion[],
  options: LineOptions,
): Promise<CutLine[]> {
  const { detection } = options.reader;
  const cuts = quadsOf(regions, detection);
  const source = await (isRapidOcr(detection) ? rapidOcrSource(page) : wholePage(page));
  const crops = await cropQuads(
    source.pixels,
    cuts.map(({ quad }) => source.place(quad)),
  );
  const turned = await upsideDown(crops, options);
  return cuts.map((cut, i) => {
    const crop = crops[i] as RgbImage;
    return turned[i] === true ? { ...cut, crop: turnImage(crop, 180), turned: true } : { ...cut, crop, turned: false };
  });
}

/**
 * RapidOCR cuts out the four corners themselves, PaddleX the smallest rectangle around them, which bent text needs in any
 * case. Sides of less than a pixel can't be cut out.
 */
function quadsOf(
  regions: readonly TextRegion[],
  detection: TextReader['detection'],
): Pick<CutLine, 'region' | 'quad'>[] {
  const asFound = isRapidOcr(detection);
  const cuts = regions.map((region) => {
    const { polygon } = region;
    return { region, quad: asFound && polygon.length === 4 ? polygon : (smallestQuads([polygon])[0] as Quad) };
  });
  return cuts.filter(({ quad }) => {
    const { width, height } = quadSize(quad);
    return width >= 1 && height >= 1;
  });
}

function isRapidOcr({ spec }: TextReader['detection']): boolean {
  return spec.outputs.textDetection?.preset === 'rapidocr';
}

async function upsideDown(
  crops: readonly RgbImage[],
  { reader: { orientation, preset }, batchSize, signal }: LineOptions,
): Promise<boolean[]> {
  if (orientation === undefined) return [];
  const wanted = upsideDownClass(orientation);
  const results = await predict(orientation, crops, { batchSize, ...(signal !== undefined && { signal }) });
  return results.map(({ classes: [best] }) => best?.classId === wanted && best.score > surelyUpsideDown[preset]);
}
