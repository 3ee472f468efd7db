import { coco } from './coco/coco';
import type { DatasetReader } from './source';

/** The formats that are read. To add one, only this list and `DatasetFormat` change. */
export const readers: readonly DatasetReader[] = [coco];
