import { cityscapes } from './cityscapes';
import { classFolders } from './class-folders';
import { classList } from './class-list';
import { coco } from './coco/coco';
import type { DatasetFormat } from './dataset';
import { maskList } from './mask-list';
import type { DatasetReader } from './source';
import { textList } from './text-list';
import { textRegions } from './text-regions';
import { voc } from './voc/voc';
import { yolo } from './yolo/yolo';

/** The formats that are read. To add one, only this list and `DatasetFormat` change. */
export const readers: readonly DatasetReader[] = [
  coco,
  voc,
  yolo,
  classList,
  maskList,
  textList,
  textRegions,
  cityscapes,
  classFolders,
];

export const datasetFormats: readonly DatasetFormat[] = readers.map(({ format }) => format);
