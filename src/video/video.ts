import { escapeHtml, inspectCustom, jupyterDisplay, type MimeBundle } from '../display/display';
import { showControls } from '../text/controls';

/** The output formats of videos. */
export const videoFormats = ['mp4', 'webm', 'gif', 'webp'] as const;
/** The formats that videos can be written in. */
export type VideoFormat = (typeof videoFormats)[number];

interface VideoContent {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly format: VideoFormat;
  /** The written file; undefined if it was only made for display. */
  readonly file: string | undefined;
  readonly bytes: Buffer;
  /** A larger video is not embedded in a notebook. */
  readonly maxBytes: number;
}

/** A drawn video; as a cell's result it is shown as a player. */
export class Video {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly format: VideoFormat;
  /** The written file; undefined if it was only made for display. */
  readonly file: string | undefined;
  readonly #content: VideoContent;

  /** @internal Use `visualizeVideo`. */
  constructor(content: VideoContent) {
    this.width = content.width;
    this.height = content.height;
    this.frames = content.frames;
    this.format = content.format;
    this.file = content.file;
    this.#content = content;
  }

  /** The bytes of the file. */
  toBuffer(): Buffer {
    return this.#content.bytes;
  }

  /** `Video 640×480, 50 frames, mp4 (out/street.mp4)`. */
  toString(): string {
    const place = this.file === undefined ? '' : ` (${this.file})`;
    return showControls(`Video ${this.width}×${this.height}, ${this.frames} frames, ${this.format}${place}`);
  }

  [jupyterDisplay](): MimeBundle {
    const { bytes, maxBytes, format } = this.#content;
    const text = this.toString();
    if (bytes.length > maxBytes) {
      const size = (bytes.length / 1e6).toFixed(1);
      return { 'text/plain': `${text}: ${size} MB, more than maxBytes allows to show here` };
    }
    const data = bytes.toString('base64');
    const look = `style="max-width:100%" width="${this.width}"`;
    const html =
      format === 'mp4' || format === 'webm'
        ? `<video controls loop muted playsinline ${look} src="data:video/${format};base64,${data}"></video>`
        : `<img alt="${escapeHtml(text)}" ${look} src="data:image/${format};base64,${data}"/>`;
    return { 'text/html': html, 'text/plain': text };
  }

  [inspectCustom](): string {
    return this.toString();
  }
}
