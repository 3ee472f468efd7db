import type { ImageInput, RgbImage } from '../image/image';
import { predict } from '../predict/predict';
import type { TextLine, TextRegion, TextResult, TextTiles, Timings } from '../results';
import { throwIfAborted } from '../validate';
import { type CutLine, cutLines } from './cut-lines';
import { type ReadLine, type ReadLines, readLongLines } from './long-lines';
import { decodePage } from './pdf-pages';
import type { PdfRenderer } from './pdf-renderer';
import { placeCharacters } from './place-characters';
import { presentPage } from './present-page';
import { type LineOptions, readLines } from './read-lines';
import { straightenPage } from './straighten-page';
import { planTiles, type Tiles } from './tile-plan';
import { findInTiles } from './tile-regions';

/** The options of `readText` after they were checked. */
export interface PageOptions extends LineOptions {
  readonly threshold: number;
  readonly tiles: Tiles;
  readonly pdf: PdfRenderer;
}

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
  const original = await decodePage(image, options.pdf);
  const decodeMs = performance.now() - started;
  throwIfAborted(signal);
  const page = await straightenPage(original, reader, signal);
  const found = await findRegions(page.pixels, options);
  const cuts = await cutLines(page.pixels, found.regions, options);
  const read = await readAll(cuts, options, found.tiles !== undefined);
  // Pages differ in size: memory would grow up to what the largest tensors of all of them took together.
  await Promise.all([reader.detection.session.releaseMemory?.(), reader.recognitionSessions.releaseMemory()]);
  const lines = cuts.flatMap((cut, i) => {
    const line = read.lines[i] as ReadLine;
    return line.text === '' || line.score < threshold ? [] : [lineOf(cut, line)];
  });
  const [first, ...others] = [...found.timings, ...page.spent, ...read.timings];
  const result = presentPage(lines, {
    ...{ image, original, page, threshold, tiles: found.tiles, dpi: options.pdf.dpi },
    spent: [{ ...(first as Timings), decodeMs }, ...others],
  });
  return { result, pixels: page.unwarped ? page.pixels : original };
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

async function readAll(cuts: readonly CutLine[], options: PageOptions, ofTiles: boolean): Promise<ReadLines> {
  const crops = cuts.map(({ crop }) => crop);
  if (ofTiles) return readLongLines(crops, options);
  const lines = await readLines(crops, options);
  return { lines, timings: lines.map(({ timings }) => timings) };
}

function lineOf(
  { region: { polygon, score: detectionScore }, quad, crop, turned }: CutLine,
  { text, score, characters }: ReadLine,
): TextLine {
  const placed = placeCharacters(characters, quad, crop.width, turned);
  // The first corner is the reader's top left.
  const corners = turned && polygon.length === 4 ? [...polygon.slice(2), ...polygon.slice(0, 2)] : polygon;
  return { polygon: corners, text, score, detectionScore, characters: placed };
}
