import { boolean, text } from '../../options';
import { invalidArgument } from '../../validate';
import { ValueWidget } from './value-widget';
import { checkWidgetOptions, type WidgetOptions } from './widget';

export interface UploadOptions extends WidgetOptions {
  /** The files that can be chosen: MIME types and extensions, separated by commas; default `image/*`. */
  readonly accept?: string;
  /** Whether several can be chosen at once; default `false`. */
  readonly multiple?: boolean;
}

/** An uploaded file. */
export interface UploadedFile {
  readonly name: string;
  /** Its MIME type, according to the browser. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

interface FileState {
  readonly name: string;
  readonly type: string;
  readonly content: Uint8Array;
}

/** A file upload; created by `widgets.upload`. */
export class Upload extends ValueWidget<readonly UploadedFile[]> {
  /** @internal */
  constructor(label: string, accept: string, multiple: boolean) {
    const state = { description: label, accept, multiple, value: [] };
    super(label, { name: 'FileUpload', style: 'ButtonStyle', state, unechoed: ['value'] });
  }

  protected override read(state: unknown): readonly UploadedFile[] {
    return (state as readonly FileState[]).map(({ name, type, content }) => ({ name, type, bytes: content }));
  }

  protected override write(value: readonly UploadedFile[]): readonly FileState[] {
    const state = Array.isArray(value) ? value.map(({ name, type, bytes }) => ({ name, type, content: bytes })) : value;
    if (!this.isValid(state)) throw invalidArgument('value', 'array of { name, type, bytes }', value);
    return state as readonly FileState[];
  }

  protected override isValid(state: unknown): boolean {
    return Array.isArray(state) && state.every((file: Partial<FileState> | null) => isFile(file));
  }

  protected override text(): string {
    const files = this.value.map(({ name, bytes }) => `${name} (${bytes.length} bytes)`);
    return `[ ${this.label} ] ${files.join(', ')}`.trimEnd();
  }
}

function isFile(file: Partial<FileState> | null): boolean {
  return typeof file?.name === 'string' && typeof file.type === 'string' && file.content instanceof Uint8Array;
}

/**
 * A button for uploading the user's own files, also to a kernel on another machine; `predict` and `visualize` accept
 * `bytes` as an image.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION; NOTEBOOK_NEEDED outside of a notebook
 *
 * @example
 * const upload = widgets.upload({ label: 'Your picture' });
 * upload.onChange(async ([file]) => display(await visualize(file.bytes, await predict(model, file.bytes))));
 */
export function upload(options: UploadOptions = {}): Upload {
  const label = checkWidgetOptions('upload', options, { accept: text, multiple: boolean }) || 'Upload';
  const accept = options.accept ?? 'image/*';
  return new Upload(label, accept, options.multiple ?? false);
}
