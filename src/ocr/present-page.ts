import type { ImageInput, RgbImage } from '../image/image';
import { presentResult } from '../model-io/present-result';
import type { TextLine, TextResult, TextTiles, Timings } from '../results';
import { decodePage } from './pdf-pages';
import { PdfRenderer } from './pdf-renderer';
import { joinText, readingOrder } from './reading-order';
import { textBundle } from './result-display';
import { type StraightPage, turnLinesBack } from './straighten-page';

/** How a page was read. */
export interface PageFacts {
  /** What was read, as the user named it. */
  readonly image: ImageInput;
  readonly original: RgbImage;
  readonly page: StraightPage;
  readonly threshold: number;
  readonly tiles: TextTiles | undefined;
  /** Of the pages of a PDF file. */
  readonly dpi: number;
  readonly spent: readonly Timings[];
}

/** The result of reading a page: its lines in reading order, in pixels of the image, or of the unwarped page. */
export function presentPage(found: readonly TextLine[], facts: PageFacts): TextResult {
  const { image, original, threshold, tiles, dpi, spent } = facts;
  const { pixels, angle, unwarped } = facts.page;
  const order = readingOrder(found);
  const ordered = order.flat(2).map((index) => found[index] as TextLine);
  const { width, height } = unwarped ? pixels : original;
  const result = {
    kind: 'text',
    image: { width, height },
    labels: [],
    threshold,
    lines: unwarped || angle === undefined ? ordered : turnLinesBack(ordered, angle, original),
    text: joinText(found, order),
    timings: sumOf(spent),
    ...(angle !== undefined && { pageAngle: angle }),
    ...(tiles !== undefined && { tiles }),
  } as TextResult;
  const decode = decoderOf(image, facts.page, dpi);
  return presentResult(result, {
    display: () => textBundle(result, decode),
    ...(unwarped && { unwarped: pixels }),
  });
}

/** Pixels that were given would be kept in memory with the result; an unwarped page is kept in any case. */
function decoderOf(
  image: ImageInput,
  { pixels, unwarped }: StraightPage,
  dpi: number,
): (() => Promise<RgbImage>) | undefined {
  if (unwarped) return async () => pixels;
  return typeof image === 'string' ? () => decodeAgain(image, dpi) : undefined;
}

async function decodeAgain(image: ImageInput, dpi: number): Promise<RgbImage> {
  await using pdf = new PdfRenderer(dpi, undefined);
  return await decodePage(image, pdf);
}

function sumOf(spent: readonly Timings[]): Timings {
  const sum = (key: keyof Timings): number => spent.reduce((total, timings) => total + timings[key], 0);
  return {
    ...{ decodeMs: sum('decodeMs'), preprocessMs: sum('preprocessMs') },
    ...{ inferenceMs: sum('inferenceMs'), postprocessMs: sum('postprocessMs') },
  };
}
