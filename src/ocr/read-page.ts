import { cropQuads, type Quad, quadSize } from '../image/crop-quads';
import { decodeImage, type ImageInput, type RgbImage } from '../image/image';
import { smallestQuads } from '../image/smallest-quads';
import { turnImage } from '../image/turn';
import { presentResult } from '../model-io/present-result';
import { predict } from '../predict/predict';
import type { TextLine, TextRecognitionResult, TextRegion, TextResult, Timings } from '../results';
import { throwIfAborted } from '../validate';
import { upsideDownClass } from './orientation-classes';
import { placeCharacters } from './place-characters';
import { type LineOptions, readLines } from './read-lines';
import { joinText, readingOrder } from './reading-order';
import { type StraightPage, straightenPage, turnLinesBack } from './straighten-page';
import type { TextReader } from './text-reader';

/** The options of `readText` after they were checked. */
export interface PageOptions extends LineOptions {
  readonly threshold: number;
}

/** A line is turned if the classifier is surer than this; PaddleX turns all that are more likely to be upside down. */
const surelyUpsideDown = { rapidocr: 0.9, paddlex: 0 } as const;

/** A page that was read. */
export interface ReadPage {
  readonly result: TextResult;
  /** The image that its places are in: the decoded one, or the unwarped page. */
  readonly pixels: RgbImage;
}

/** Straightens a page, finds its lines, cuts them out, reads them, and puts them in order. */
export async function readPage(image: ImageInput, options: PageOptions): Promise<ReadPage> {
  const { reader, threshold, signal } = options;
  const started = performance.now();
  const original = await decodeImage(image);
  const decodeMs = performance.now() - started;
  throwIfAborted(signal);
  const page = await straightenPage(original, reader, signal);
  const { pixels } = page;
  const found = await predict(reader.detection, pixels, signal === undefined ? {} : { signal });
  const cuts = cutsOf(found.regions, reader.detection);
  const { crops, turned } = await straighten(pixels, cuts, options);
  const read = await readLines(crops, options);
  const lines = cuts.flatMap((cut, i) => {
    const text = read[i] as TextRecognitionResult;
    return text.text === '' || text.score < threshold
      ? []
      : [lineOf(cut, text, crops[i] as RgbImage, turned[i] === true)];
  });
  const spent = [{ ...found.timings, decodeMs }, ...page.spent, ...read.map(({ timings }) => timings)];
  const result = present(lines, original, page, threshold, spent);
  return { result, pixels: page.unwarped ? pixels : original };
}

function batchOf({ batchSize, signal }: PageOptions): { batchSize: number; signal?: AbortSignal } {
  return { batchSize, ...(signal !== undefined && { signal }) };
}

/** A region with the quadrangle that is cut out for it. */
interface Cut {
  readonly region: TextRegion;
  readonly quad: Quad;
}

/**
 * RapidOCR cuts out the four corners themselves, PaddleX the smallest rectangle around them, which bent text needs in any
 * case. Sides of less than a pixel can't be cut out.
 */
function cutsOf(regions: readonly TextRegion[], { spec }: TextReader['detection']): Cut[] {
  const asFound = spec.outputs.textDetection?.preset === 'rapidocr';
  const cuts = regions.map((region): Cut => {
    const { polygon } = region;
    return { region, quad: asFound && polygon.length === 4 ? polygon : (smallestQuads([polygon])[0] as Quad) };
  });
  return cuts.filter(({ quad }) => {
    const { width, height } = quadSize(quad);
    return width >= 1 && height >= 1;
  });
}

interface Straightened {
  readonly crops: readonly RgbImage[];
  /** Whether each was upside down. */
  readonly turned: readonly boolean[];
}

async function straighten(pixels: RgbImage, cuts: readonly Cut[], options: PageOptions): Promise<Straightened> {
  const crops = await cropQuads(
    pixels,
    cuts.map(({ quad }) => quad),
  );
  const { orientation, preset } = options.reader;
  if (orientation === undefined) return { crops, turned: crops.map(() => false) };
  const upsideDown = upsideDownClass(orientation);
  const results = await predict(orientation, crops, batchOf(options));
  const turned = results.map(
    ({ classes: [best] }) => best?.classId === upsideDown && best.score > surelyUpsideDown[preset],
  );
  return { crops: crops.map((crop, i) => (turned[i] ? turnImage(crop, 180) : crop)), turned };
}

function lineOf(
  { region: { polygon, score: detectionScore }, quad }: Cut,
  { text, score, characters }: TextRecognitionResult,
  crop: RgbImage,
  upsideDown: boolean,
): TextLine {
  const placed = placeCharacters(characters, quad, crop.width, upsideDown);
  // The first corner is the reader's top left.
  const corners = upsideDown && polygon.length === 4 ? [...polygon.slice(2), ...polygon.slice(0, 2)] : polygon;
  return { polygon: corners, text, score, detectionScore, characters: placed };
}

function present(
  found: readonly TextLine[],
  original: RgbImage,
  { pixels, angle, unwarped }: StraightPage,
  threshold: number,
  spent: readonly Timings[],
): TextResult {
  const order = readingOrder(found);
  const ordered = order.flat(2).map((index) => found[index] as TextLine);
  const lines = unwarped || angle === undefined ? ordered : turnLinesBack(ordered, angle, original);
  const { width, height } = unwarped ? pixels : original;
  const sum = (key: keyof Timings): number => spent.reduce((total, timings) => total + timings[key], 0);
  const timings = {
    ...{ decodeMs: spent[0]?.decodeMs ?? 0, preprocessMs: sum('preprocessMs') },
    ...{ inferenceMs: sum('inferenceMs'), postprocessMs: sum('postprocessMs') },
  };
  const result = {
    kind: 'text',
    image: { width, height },
    labels: [],
    threshold,
    lines,
    text: joinText(found, order),
    timings,
    ...(angle !== undefined && { pageAngle: angle }),
  };
  return presentResult(result as TextResult, unwarped ? { unwarped: pixels } : {});
}
