import { datasetInvalid, quoted } from '../faults';

/** An object in a file of PASCAL VOC. */
export interface VocObject {
  readonly name: string;
  readonly difficult: boolean;
  /** As in the file: pixels are counted from 1, and the last ones are inside. */
  readonly bounds: readonly [xmin: number, ymin: number, xmax: number, ymax: number];
  /** Such as `object[2]`. */
  readonly place: string;
}

export interface VocAnnotation {
  readonly width: number;
  readonly height: number;
  readonly objects: readonly VocObject[];
}

/** @throws PaddleLabError DATASET_INVALID with the file and the place */
export function parseVoc(file: string, content: string): VocAnnotation {
  const text = content.replace(/<!--[\s\S]*?-->/g, '');
  for (const name of ['annotation', 'object']) checkEnds(text, name, file);
  const size = element(text, 'size') ?? '';
  const objects = elements(text, 'object').map((object, index) => {
    // Parts of persons have their own boxes, which are ignored.
    return objectOf(object.replace(/<part(\s[^>]*)?>[\s\S]*?<\/part>/g, ''), `object[${index}]`, file);
  });
  return { width: number(size, 'width', file, 'size'), height: number(size, 'height', file, 'size'), objects };
}

function objectOf(text: string, place: string, file: string): VocObject {
  const name = element(text, 'name');
  if (name === undefined || name === '') throw datasetInvalid(file, place, 'Expected a class in <name>');
  const box = element(text, 'bndbox') ?? '';
  const side = (of: string): number => number(box, of, file, `${place}.bndbox`);
  const difficult = element(text, 'difficult') !== undefined && number(text, 'difficult', file, place) !== 0;
  return {
    name: fromEntities(name),
    difficult,
    bounds: [side('xmin'), side('ymin'), side('xmax'), side('ymax')],
    place,
  };
}

/** In a file that ends early, the last objects would be missing. */
function checkEnds(text: string, name: string, file: string): void {
  const count = (tag: string): number => [...text.matchAll(new RegExp(tag, 'g'))].length;
  if (count(`<${name}(?:\\s[^>]*)?>`) <= count(`</${name}\\s*>`)) return;
  throw datasetInvalid(file, undefined, `Expected </${name}> of PASCAL VOC but the file ends without it`);
}

function elements(text: string, name: string): string[] {
  const found = text.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}\\s*>`, 'g'));
  return [...found].map(([, content]) => content ?? '');
}

function element(text: string, name: string): string | undefined {
  return elements(text, name)[0]?.trim();
}

function number(text: string, name: string, file: string, place: string): number {
  const found = element(text, name);
  const value = found === undefined || found === '' ? Number.NaN : Number(found);
  if (Number.isFinite(value)) return value;
  throw datasetInvalid(file, place, `Expected a number in <${name}> of PASCAL VOC but received ${quoted(found)}`);
}

function fromEntities(text: string): string {
  const names: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replace(/&(?:(lt|gt|quot|apos|amp)|#(\d+)|#x([\da-f]+));/gi, (whole, name, decimal, hex) => {
    if (name !== undefined) return names[name.toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
