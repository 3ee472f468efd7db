import type { Dataset, DatasetFormat } from './dataset';

/** Options of `openDataset`. */
export interface DatasetOptions {
  /** Default: recognised by content. */
  readonly format?: DatasetFormat;
  /** Folder of the images. Default: looked for beside the data set. */
  readonly images?: string;
  /**
   * Names of the classes by their numbers: a list, a file with one name per line, or YOLO's `data.yaml`. Default: those
   * of the data set. Where the data set has names, too, its classes get the numbers of this list.
   */
  readonly classes?: readonly string[] | string;
  /**
   * Part of the data set. Default: `val` for Cityscapes and YOLO, and for VOC `val`, else `test`, else all. Other formats
   * have one file or folder for each part, and refuse the option.
   */
  readonly split?: string;
  /** Between the two fields of a line. Default: a tab if the line has one, else blanks. For lists only. */
  readonly separator?: string;
  /** Only the first images that are there, an integer ≥ 1. Default: all. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

/** What a reader gets: the path, what is there, and the user's options. */
export interface DatasetSource {
  /** Full path. */
  readonly path: string;
  /** Names in the folder, sorted; undefined if the path is a file. */
  readonly names: readonly string[] | undefined;
  /** The first lines of a text file; empty for a folder. */
  readonly firstLines: readonly string[];
  readonly options: DatasetOptions;
  /** The user's names of the classes, already read. */
  readonly classes: readonly string[] | undefined;
}

export type FormatOption = 'split' | 'separator';

/** A format of data sets. */
export interface DatasetReader {
  readonly format: DatasetFormat;
  /** How such a data set looks, for the error when none is recognised. */
  readonly expects: string;
  /** The options that only some formats have: those of a folder, and those of a file. */
  readonly options: { readonly folder: readonly FormatOption[]; readonly file: readonly FormatOption[] };
  recognises(source: DatasetSource): boolean | Promise<boolean>;
  read(source: DatasetSource): Promise<Dataset>;
}
