import path from 'node:path';
import { PaddleLabError } from '../errors';
import { decodeImage, type ImageInput } from '../image/image';
import type { RgbImage } from '../image/raw-pixels';
import { isImageFile, resolveFiles } from '../image/resolve-images';
import type { PdfPage, PdfRenderer } from './pdf-renderer';

/** Whether the name of a file says that it is a PDF file. */
export function isPdf(input: unknown): input is string {
  return typeof input === 'string' && !input.startsWith('data:') && path.extname(input).toLowerCase() === '.pdf';
}

/** The name of a page, as it stands in place of an image's: `scan.pdf#page=3`, as in the address of a browser. */
export function nameOfPage({ file, page }: PdfPage): string {
  return `${file}#page=${page}`;
}

function pageNamed(input: ImageInput): PdfPage | undefined {
  const match = typeof input === 'string' ? /^(.*\.pdf)#page=([1-9]\d*)$/is.exec(input) : null;
  return match === null ? undefined : { file: match[1] as string, page: Number(match[2]) };
}

/** What is read of an input: pages for a PDF file. */
export async function pagesOfInput(input: ImageInput, pdf: PdfRenderer): Promise<ImageInput[]> {
  if (!isPdf(input)) return [input];
  const pages = await pdf.count(input);
  return Array.from({ length: pages }, (_, i) => nameOfPage({ file: input, page: i + 1 }));
}

/** As `resolveImages`, with the pages of PDF files, also of those in folders. */
export async function resolvePages(input: readonly ImageInput[], pdf: PdfRenderer): Promise<ImageInput[]> {
  const pages: ImageInput[] = [];
  for (const image of await resolveFiles(input, isPageFile)) pages.push(...(await pagesOfInput(image, pdf)));
  return pages;
}

/** Whether the name of a file says that it can be read: an image or a PDF file. */
export function isPageFile(file: string): boolean {
  return isImageFile(file) || (isPdf(file) && !path.basename(file).startsWith('.paddlelab-'));
}

/** The pixels of an image, or of a page of a PDF file; of the file itself if it has only one. */
export async function decodePage(input: ImageInput, pdf: PdfRenderer): Promise<RgbImage> {
  const page = pageNamed(input);
  if (page !== undefined) return pdf.render(page);
  if (!isPdf(input)) return decodeImage(input);
  const pages = await pdf.count(input);
  if (pages === 1) return pdf.render({ file: input, page: 1 });
  throw new PaddleLabError(
    'INVALID_ARGUMENT',
    `Expected one page but ${input} has ${pages}; give an array, which gives an array: readText(["${input}"]), or one page: "${input}#page=1"`,
  );
}
