import { cityscapes } from './cityscapes';
import { classFolders } from './class-folders';
import { classList } from './class-list';
import { coco } from './coco';
import type { DatasetFormat } from './dataset';
import type { DatasetReader } from './format';
import { maskList } from './mask-list';
import { voc } from './voc';
import { yolo } from './yolo';

/** Every format, in the order in which they are tried; a new one is a line here. */
export const formats: readonly DatasetReader[] = [coco, cityscapes, voc, yolo, maskList, classList, classFolders];

export const datasetFormats: readonly DatasetFormat[] = formats.map(({ format }) => format);
