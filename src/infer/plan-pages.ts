import path from 'node:path';
import { isPageFile, isPdf, nameOfPage } from '../ocr/pdf-pages';
import type { PdfRenderer } from '../ocr/pdf-renderer';
import { throwIfAborted } from '../validate';
import { type PlannedImage, planImages } from './plan';

/**
 * As `planImages`, with a page for each of a PDF file's: the results of `scan.pdf` are named `scan-0001` and so on. A file
 * that can't be read stays one, and fails when its turn comes, as an image does.
 *
 * @throws PaddleLabError FILE_NOT_FOUND, ABORTED
 */
export async function planPages(
  paths: readonly string[],
  pdf: PdfRenderer,
  signal: AbortSignal | undefined,
): Promise<PlannedImage[]> {
  const planned: PlannedImage[] = [];
  for (const image of await planImages(paths, true, isPageFile)) {
    if (isPdf(image.file)) planned.push(...(await pagesOf(image, pdf, signal)));
    else planned.push(image);
  }
  return planned;
}

async function pagesOf(
  image: PlannedImage,
  pdf: PdfRenderer,
  signal: AbortSignal | undefined,
): Promise<PlannedImage[]> {
  const { file, name } = image;
  const pages = await pdf.count(file).catch(() => 0);
  throwIfAborted(signal);
  if (pages === 0) return [image];
  const { dir, name: stem, ext } = path.parse(name);
  return Array.from({ length: pages }, (_, i) => {
    const number = String(i + 1).padStart(4, '0');
    return { file: nameOfPage({ file, page: i + 1 }), name: path.join(dir, `${stem}-${number}${ext}`) };
  });
}
