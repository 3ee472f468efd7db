import type { Dataset, DatasetFormat } from './dataset';

/** The file or folder to open. */
export interface DatasetPlace {
  /** Full path. */
  readonly path: string;
  readonly folder: boolean;
  /** The names in the folder; of a file, none. */
  readonly names: readonly string[];
  /** The beginning of a file; of a folder, empty. */
  readonly head: string;
}

export interface ReadOptions {
  /** Full path of the images' folder, if it was named. */
  readonly images: string | undefined;
  readonly classes: readonly string[] | undefined;
  readonly split: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** One format of data sets. */
export interface DatasetReader {
  readonly format: DatasetFormat;
  recognises(place: DatasetPlace): Promise<boolean> | boolean;
  /** @throws PaddleLabError DATASET_INVALID, FILE_NOT_FOUND */
  read(place: DatasetPlace, options: ReadOptions): Promise<Pick<Dataset, 'classes' | 'images' | 'problems'>>;
}
