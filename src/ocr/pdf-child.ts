// Renders pages of PDF files: what a damaged file does to the renderer ends only this process.
import { messageOf } from '../errors';
import { readFile } from '../files/fs';
import { largestPage, type PdfReply, type PdfRequest } from './pdf-protocol';

interface RenderedPage {
  readonly width: number;
  readonly height: number;
  /** RGBA. */
  readonly data: Uint8Array;
}

/** The parts of `@hyzyla/pdfium` that are used. */
interface PdfiumPage {
  getOriginalSize(): { readonly originalWidth: number; readonly originalHeight: number };
  render(options: {
    readonly scale: number;
    readonly renderFormFields: boolean;
    readonly render: (bitmap: RenderedPage) => Promise<Uint8Array>;
  }): Promise<RenderedPage>;
}
interface PdfiumDocument {
  getPageCount(): number;
  getPage(index: number): PdfiumPage;
  destroy(): void;
}
interface PdfiumLibrary {
  loadDocument(bytes: Uint8Array): Promise<PdfiumDocument>;
}
interface PdfiumModule {
  readonly PDFiumLibrary: { init(): Promise<PdfiumLibrary> };
}

const pointsPerInch = 72;

let library: Promise<PdfiumLibrary> | undefined;
let open: { readonly file: string; readonly document: PdfiumDocument } | undefined;

/** The file of the request before stays open, because pages are asked for one after the other. */
async function documentOf({ module, file }: PdfRequest): Promise<PdfiumDocument> {
  if (open?.file === file) return open.document;
  open?.document.destroy();
  open = undefined;
  library ??= (require(module) as PdfiumModule).PDFiumLibrary.init();
  const document = await (await library).loadDocument(await readFile(file));
  open = { file, document };
  return document;
}

async function answer(request: PdfRequest): Promise<PdfReply> {
  const document = await documentOf(request);
  const pages = document.getPageCount();
  if (request.kind === 'count') return { kind: 'counted', pages };
  const { page, dpi } = request;
  if (page > pages) return { kind: 'unreadable', reason: `it has ${pages} page${pages === 1 ? '' : 's'}` };
  const one = document.getPage(page - 1);
  const scale = dpi / pointsPerInch;
  const { originalWidth, originalHeight } = one.getOriginalSize();
  const [width, height] = [originalWidth, originalHeight].map((side) => Math.floor(side * scale)) as [number, number];
  if (width < 1 || height < 1 || width * height > largestPage) {
    return { kind: 'unreadable', reason: `at ${dpi} dpi the page has ${width}×${height} pixels; choose another dpi` };
  }
  const rendered = await one.render({ scale, renderFormFields: true, render: async ({ data }) => withoutAlpha(data) });
  return { kind: 'rendered', width: rendered.width, height: rendered.height, data: rendered.data };
}

function withoutAlpha(rgba: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from] as number;
    rgb[to + 1] = rgba[from + 1] as number;
    rgb[to + 2] = rgba[from + 2] as number;
  }
  return rgb;
}

process.on('message', (request: PdfRequest) => {
  answer(request)
    .catch((error: unknown): PdfReply => ({ kind: 'unreadable', reason: messageOf(error) }))
    .then((reply) => process.send?.(reply));
});
// Ctrl-C is sent to all processes of a terminal; the parent decides when this one ends.
process.on('SIGINT', () => undefined);
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
