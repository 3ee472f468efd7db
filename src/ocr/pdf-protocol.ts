/** What the process that renders PDF files is asked; `module` is the renderer's file. */
export type PdfRequest =
  | { readonly kind: 'count'; readonly module: string; readonly file: string }
  | {
      readonly kind: 'render';
      readonly module: string;
      readonly file: string;
      readonly page: number;
      readonly dpi: number;
    };

/** Its answers; `unreadable` is a reason for users. */
export type PdfReply =
  | { readonly kind: 'counted'; readonly pages: number }
  | { readonly kind: 'rendered'; readonly width: number; readonly height: number; readonly data: Uint8Array }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** A larger page would need gigabytes. */
export const largestPage = 100_000_000;
