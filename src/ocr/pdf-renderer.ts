import { createRequire } from 'node:module';
import path from 'node:path';
import { PaddleLabError } from '../errors';
import { resolvePath } from '../image/image';
import type { RgbImage } from '../image/raw-pixels';
import { nodeChannel } from '../processes/worker-channel';
import { type WorkerFailure, WorkerProcess } from '../processes/worker-process';
import { abortError, throwIfAborted } from '../validate';
import type { PdfReply, PdfRequest } from './pdf-protocol';

const packageName = '@hyzyla/pdfium';
/** Letters of ten points are 28 pixels high. */
export const usualDpi = 200;
const timeoutMs = 120_000;
const memoryLimit = 3 * 2 ** 30;

/** A page of a PDF file; pages are counted from 1. */
export interface PdfPage {
  readonly file: string;
  readonly page: number;
}

/**
 * Makes images of the pages of PDF files, with PDFium where it is installed (`@hyzyla/pdfium`): in a process of its own, which
 * is started when it is first needed.
 */
export class PdfRenderer implements AsyncDisposable {
  private worker: WorkerProcess<PdfRequest, PdfReply> | undefined;
  private last: Promise<unknown> = Promise.resolve();

  /**
   * @param dpi pixels per inch of a page
   * @param bases files beside whose `node_modules` PDFium is looked for
   */
  constructor(
    readonly dpi: number,
    private readonly signal: AbortSignal | undefined,
    /** By default of the project in the current folder, and of this package. */
    private readonly bases: readonly string[] = [path.join(process.cwd(), 'any.js'), __filename],
  ) {}

  /**
   * The number of pages of a file.
   *
   * @throws PaddleLabError TOOL_FAILED if PDFium is not installed, IMAGE_UNREADABLE, ABORTED
   */
  async count(file: string): Promise<number> {
    const reply = await this.ask(
      { kind: 'count', module: findPdfium(file, this.bases), file: resolvePath(file) },
      file,
    );
    return reply.kind === 'counted' ? reply.pages : 0;
  }

  /** The pixels of a page; errors as of `count`. */
  async render({ file, page }: PdfPage): Promise<RgbImage> {
    const name = `page ${page} of ${file}`;
    const request = { module: findPdfium(file, this.bases), file: resolvePath(file), page, dpi: this.dpi };
    const reply = await this.ask({ kind: 'render', ...request }, name);
    if (reply.kind !== 'rendered') throw unreadable(name, 'it was not rendered');
    return { width: reply.width, height: reply.height, data: reply.data };
  }

  /** Ends the process. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.worker?.end();
  }

  /** One request at a time. */
  private async ask(request: PdfRequest, name: string): Promise<PdfReply> {
    const outcome = this.last.then(() => {
      throwIfAborted(this.signal);
      if (this.worker?.alive !== true) this.worker = new WorkerProcess(nodeChannel('ocr/pdf-child.js'));
      const limits = { timeoutMs, memoryLimit, ...(this.signal !== undefined && { signal: this.signal }) };
      return this.worker.ask(request, limits);
    });
    this.last = outcome.catch(() => undefined);
    const reply = await outcome;
    if (reply.kind === 'unreadable') throw unreadable(name, reply.reason);
    if (reply.kind === 'counted' || reply.kind === 'rendered') return reply;
    if (reply.kind === 'interrupted' && this.signal?.aborted) throw abortError(this.signal);
    throw unreadable(name, failureText(reply));
  }
}

function failureText(failure: WorkerFailure): string {
  if (failure.kind === 'timeout') return `it took more than ${failure.seconds} s`;
  return failure.kind === 'interrupted' ? 'its renderer was ended' : failure.reason;
}

function unreadable(name: string, reason: string): PaddleLabError {
  return new PaddleLabError('IMAGE_UNREADABLE', `Can't render ${name}: ${reason}`);
}

function findPdfium(file: string, bases: readonly string[]): string {
  for (const base of bases) {
    try {
      return createRequire(base).resolve(packageName);
    } catch {}
  }
  throw new PaddleLabError(
    'TOOL_FAILED',
    `Expected ${packageName} to read the PDF file ${file} but it is not installed: npm install ${packageName}; or make ` +
      'images of its pages first, such as with `pdftoppm -r 200 -png`',
  );
}
