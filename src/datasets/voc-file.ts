import { datasetInvalid } from './dataset-invalid';

/** An object of a file of PASCAL VOC; its corners as the file has them, counted from 1. */
export interface VocObject {
  readonly name: string;
  readonly difficult: boolean;
  readonly corners: readonly [xmin: number, ymin: number, xmax: number, ymax: number];
}

/** What is read of a file of PASCAL VOC. */
export interface VocFile {
  readonly filename: string | undefined;
  readonly width: number;
  readonly height: number;
  readonly objects: readonly VocObject[];
}

/** @throws PaddleLabError DATASET_INVALID with the file and the element */
export function parseVocFile(file: string, bytes: Buffer): VocFile {
  const text = bytes.toString('utf8').replace(/<!--[\s\S]*?-->/g, '');
  const size = element(text, 'size') ?? '';
  return {
    filename: element(text, 'filename'),
    width: number(size, 'width', file),
    height: number(size, 'height', file),
    objects: elements(text, 'object').map((object) => parseObject(object, file)),
  };
}

function parseObject(object: string, file: string): VocObject {
  // Parts of persons have their own boxes, which are ignored.
  const whole = object.replace(/<part>[\s\S]*?<\/part>/g, '');
  const bounds = element(whole, 'bndbox') ?? '';
  const corner = (name: string): number => number(bounds, name, file);
  return {
    name: fromEntities(element(whole, 'name') ?? ''),
    difficult: element(whole, 'difficult') === '1',
    corners: [corner('xmin'), corner('ymin'), corner('xmax'), corner('ymax')],
  };
}

function elements(text: string, name: string): string[] {
  return [...text.matchAll(new RegExp(`<${name}>([\\s\\S]*?)</${name}>`, 'g'))].map(([, content]) => content ?? '');
}

function element(text: string, name: string): string | undefined {
  return elements(text, name)[0]?.trim();
}

function number(text: string, name: string, file: string): number {
  const found = element(text, name);
  const value = Number(found ?? Number.NaN);
  if (Number.isFinite(value)) return value;
  throw datasetInvalid(file, `<${name}>`, 'a number', found);
}

function fromEntities(text: string): string {
  const names: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => names[name] ?? '');
}
