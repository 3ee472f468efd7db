import { cropQuads, type Quad, quadSize } from '../image/crop-quads';
import type { ImageInput, RgbImage } from '../image/image';
import { smallestQuads } from '../image/smallest-quads';
import { presentResult } from '../model-io/present-result';
import { predict } from '../predict/predict';
import type { TextLine, TextRegion, TextResult, TextTiles, Timings } from '../results';
import { throwIfAborted } from '../validate';
import { type ReadLine, type ReadLines, readLongLines } from './long-lines';
import { decodePage } from './pdf-pages';
import { PdfRenderer } from './pdf-renderer';
import { placeCharacters } from './place-characters';
import { type LineOptions, readLines } from './read-lines';
import { joinText, readingOrder } from './reading-order';
import { textBundle } from './result-display';
import { type TextReader, upsideDownClass } from './text-reader';
import { planTiles, type Tiles } from './tile-plan';
import { findInTiles } from './tile-regions';

/** The options of `readText` after they were checked. */
export interface PageOptions extends LineOptions {
  readonly threshold: number;
  readonly tiles: Tiles;
  readonly pdf: PdfRenderer;
}

/** A line is turned if the classifier is this sure, as in RapidOCR and PaddleOCR. */
const surelyUpsideDown = 0.9;

/** A page that was read, and its pixels. */
export interface ReadPage {
  readonly result: TextResult;
  readonly pixels: RgbImage;
}

/** Finds the lines of a page, cuts them out, reads them, and puts them in order. */
export async function readPage(image: ImageInput, options: PageOptions): Promise<ReadPage> {
  const { reader, threshold, signal } = options;
  const started = performance.now();
  const pixels = await decodePage(image, options.pdf);
  const decodeMs = performance.now() - started;
  throwIfAborted(signal);
  const found = await findRegions(pixels, options);
  const cuts = cutsOf(found.regions, reader.detection);
  const { crops, turned } = await straighten(pixels, cuts, options);
  const read = await readAll(crops, options, found.tiles !== undefined);
  // Pages differ in size: memory would grow up to what the largest tensors of all of them took together.
  await Promise.all([reader.detection.session.releaseMemory?.(), reader.recognitionSessions.releaseMemory()]);
  const lines = cuts.flatMap((cut, i) => {
    const text = read.lines[i] as ReadLine;
    return text.text === '' || text.score < threshold
      ? []
      : [lineOf(cut, text, crops[i] as RgbImage, turned[i] === true)];
  });
  const spent = [...found.timings.map((timings) => ({ ...timings, decodeMs })), ...read.timings];
  return { result: present(lines, { pixels, image, dpi: options.pdf.dpi }, threshold, spent, found.tiles), pixels };
}

interface FoundRegions {
  readonly regions: readonly TextRegion[];
  readonly timings: readonly Timings[];
  readonly tiles?: TextTiles;
}

async function findRegions(pixels: RgbImage, { reader, tiles, signal }: PageOptions): Promise<FoundRegions> {
  const { detection } = reader;
  const plan = planTiles(detection.spec, pixels, tiles);
  if (plan !== undefined) return findInTiles(detection, pixels, plan, signal);
  const { regions, timings } = await predict(detection, pixels, signal === undefined ? {} : { signal });
  return { regions, timings: [timings] };
}

async function readAll(crops: readonly RgbImage[], options: PageOptions, ofTiles: boolean): Promise<ReadLines> {
  if (ofTiles) return readLongLines(crops, options);
  const lines = await readLines(crops, options);
  return { lines, timings: lines.map(({ timings }) => timings) };
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
  const { orientation } = options.reader;
  if (orientation === undefined) return { crops, turned: crops.map(() => false) };
  const upsideDown = upsideDownClass(orientation);
  const results = await predict(orientation, crops, batchOf(options));
  const turned = results.map(({ classes: [best] }) => best?.classId === upsideDown && best.score > surelyUpsideDown);
  return { crops: crops.map((crop, i) => (turned[i] ? turnedAround(crop) : crop)), turned };
}

/** By 180°. */
function turnedAround({ data, width, height }: RgbImage): RgbImage {
  const turned = new Uint8Array(data.length);
  for (let i = 0, from = data.length - 3; from >= 0; i += 3, from -= 3) {
    turned[i] = data[from] as number;
    turned[i + 1] = data[from + 1] as number;
    turned[i + 2] = data[from + 2] as number;
  }
  return { data: turned, width, height };
}

function lineOf(
  { region: { polygon, score: detectionScore }, quad }: Cut,
  { text, score, characters }: ReadLine,
  crop: RgbImage,
  upsideDown: boolean,
): TextLine {
  const placed = placeCharacters(characters, quad, crop.width, upsideDown);
  return { polygon, text, score, detectionScore, characters: placed };
}

interface PageSource {
  readonly pixels: RgbImage;
  readonly image: ImageInput;
  /** Of the pages of a PDF file. */
  readonly dpi: number;
}

async function decodeAgain(image: ImageInput, dpi: number): Promise<RgbImage> {
  await using pdf = new PdfRenderer(dpi, undefined);
  return await decodePage(image, pdf);
}

function present(
  found: readonly TextLine[],
  { pixels: { width, height }, image, dpi }: PageSource,
  threshold: number,
  spent: readonly Timings[],
  tiles: TextTiles | undefined,
): TextResult {
  const order = readingOrder(found);
  const lines = order.flat(2).map((index) => found[index] as TextLine);
  const sum = (key: keyof Timings): number => spent.reduce((total, timings) => total + timings[key], 0);
  const timings = {
    ...{ decodeMs: spent[0]?.decodeMs ?? 0, preprocessMs: sum('preprocessMs') },
    ...{ inferenceMs: sum('inferenceMs'), postprocessMs: sum('postprocessMs') },
  };
  const result: TextResult = {
    kind: 'text',
    image: { width, height },
    labels: [],
    threshold,
    lines,
    text: joinText(found, order),
    timings,
    ...(tiles !== undefined && { tiles }),
  };
  // Pixels would be kept in memory with the result.
  const decode = typeof image === 'string' ? () => decodeAgain(image, dpi) : undefined;
  return presentResult(result, { display: () => textBundle(result, decode) });
}
