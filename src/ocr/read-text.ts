import { PaddleLabError } from '../errors';
import type { ImageInput } from '../image/image';
import { namesManyImages } from '../image/resolve-images';
import { abortSignal, fraction, integer, number, type OptionChecks, readOptions } from '../options';
import { mapOrdered } from '../predict/map-ordered';
import { isIterable } from '../predict/predict-stream';
import type { TextResult } from '../results';
import { invalidArgument, throwIfAborted } from '../validate';
import { pagesOfInput, resolvePages } from './pdf-pages';
import { PdfRenderer, usualDpi } from './pdf-renderer';
import { type PageOptions, readPage } from './read-page';
import { loadTextReader, TextReader } from './text-reader';
import { checkTiles, type Tiles } from './tile-plan';

/** Options of `readText`. */
export interface ReadTextOptions {
  /** The networks, as loaded by `loadTextReader`; by default its defaults, which are loaded once and kept. */
  readonly reader?: TextReader;
  /** Lines with a score below this are left out, 0 to 1; 0.5 by default, as in RapidOCR. PaddleX keeps all: 0. */
  readonly threshold?: number;
  /** How many lines go through the recogniser at once, sorted by their length; 6 by default, as in Python's pipelines. */
  readonly batchSize?: number;
  /**
   * Tiles in which lines are found, so that small letters of large images are not lost. `'auto'` (default): where the
   * detector would reduce the longer side to less than a third, such as images of more than 6000 pixels with the
   * parameters of RapidOCR; other images are read as in Python. `false`: never. With a size, in every larger image.
   * `result.tiles` has the tiles that were used.
   */
  readonly tiles?: Tiles;
  /** Pixels per inch of the pages of PDF files, which are read if `@hyzyla/pdfium` is installed; 200 by default. */
  readonly dpi?: number;
  /** Gives up: the promise rejects at once, a run that has begun ends in the background. */
  readonly signal?: AbortSignal;
}

const checks = {
  reader: checkReader,
  threshold: fraction,
  batchSize: integer(1),
  tiles: checkTiles,
  dpi: number(1, 2400),
  signal: abortSignal,
} satisfies OptionChecks<ReadTextOptions>;

/**
 * Reads the text of an image, or of several in order: image in, result out; array in, array out. Members of an array may
 * stand for several images, as in `predict`.
 *
 * Lines are found, cut out and straightened, and read, as in PP-OCR's Python pipelines. The result has the lines in reading
 * order, in pixels of the original (EXIF-upright) image, origin top left; `text` joins them as a person would read.
 *
 * @throws PaddleLabError FILE_NOT_FOUND, IMAGE_UNREADABLE, INVALID_ARGUMENT, UNKNOWN_OPTION, DISPOSED, ABORTED,
 *   OUTPUT_INVALID, PREDICTOR_RUN_FAILED, and as `loadTextReader` at the first call
 *
 * @example
 * import { readText } from 'paddlelab';
 * const page = await readText('page.png');
 * console.log(page.text);
 * await visualize('page.png', page);
 */
export async function readText(images: readonly ImageInput[], options?: ReadTextOptions): Promise<TextResult[]>;
export async function readText(image: ImageInput, options?: ReadTextOptions): Promise<TextResult>;
export async function readText(
  input: ImageInput | readonly ImageInput[],
  options: ReadTextOptions = {},
): Promise<TextResult | TextResult[]> {
  await using page = await checkedOptions('readText', options);
  if (Array.isArray(input)) {
    const results: TextResult[] = [];
    for await (const result of pagesOf(await resolvePages(input, page.pdf), page)) results.push(result);
    return results;
  }
  const image = input as ImageInput;
  if (typeof image === 'string' && (await namesManyImages(image))) {
    throw new PaddleLabError(
      'INVALID_ARGUMENT',
      `Expected one image but ${image} stands for several; give an array, which gives an array: readText(["${image}"])`,
    );
  }
  return (await readPage(image, page)).result;
}

/**
 * Reads the text of the images of any iterable as they come, results in their order. One image is read while lines are
 * found in the next, only a few ahead of what is used of the results. Leaving the loop ends the iterable.
 *
 * @throws PaddleLabError as `readText`
 *
 * @example
 * import { readTextStream } from 'paddlelab';
 * for await (const { text } of readTextStream(['page.png', 'shapes.png'])) console.log(text);
 */
export async function* readTextStream(
  images: Iterable<ImageInput> | AsyncIterable<ImageInput>,
  options: ReadTextOptions = {},
): AsyncGenerator<TextResult, void, undefined> {
  await using page = await checkedOptions('readTextStream', options);
  if (typeof images === 'string' || !isIterable(images)) throw invalidArgument('images', 'iterable of images', images);
  yield* pagesOf(withPages(images, page.pdf), page);
}

/** Pages under way: one is detected and one read while another is decoded or brought to its end. */
const pagesAhead = 3;

function pagesOf(
  images: Iterable<ImageInput> | AsyncIterable<ImageInput>,
  page: PageOptions,
): AsyncGenerator<TextResult, void, undefined> {
  return mapOrdered(images, pagesAhead, async (image) => {
    throwIfAborted(page.signal);
    return (await readPage(image, page)).result;
  });
}

async function* withPages(
  images: Iterable<ImageInput> | AsyncIterable<ImageInput>,
  pdf: PdfRenderer,
): AsyncGenerator<ImageInput, void, undefined> {
  for await (const image of images) yield* await pagesOfInput(image, pdf);
}

function checkReader(name: string, value: unknown): TextReader {
  if (!(value instanceof TextReader)) throw invalidArgument(name, 'reader from loadTextReader', value);
  return value;
}

let usual: Promise<TextReader> | undefined;

async function checkedOptions(name: string, options: ReadTextOptions): Promise<PageOptions & AsyncDisposable> {
  const {
    reader,
    threshold = 0.5,
    batchSize = 6,
    tiles = 'auto',
    dpi = usualDpi,
    signal,
  } = readOptions(name, options, checks);
  const used = reader ?? (await usualReader());
  const pdf = new PdfRenderer(dpi, signal);
  return {
    reader: used,
    threshold,
    batchSize,
    tiles,
    pdf,
    signal,
    [Symbol.asyncDispose]: () => pdf[Symbol.asyncDispose](),
  };
}

/** Loaded at the first call; if that fails, the next call tries again. */
function usualReader(): Promise<TextReader> {
  usual ??= loadTextReader().catch((error: unknown) => {
    usual = undefined;
    throw error;
  });
  return usual;
}
