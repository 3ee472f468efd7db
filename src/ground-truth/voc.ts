import { PaddleLabError } from '../errors';
import type { Box, PredictResult } from '../results';
import { classNumbers, type TruthSource, truthBase } from './truth';

/** Reads a file of PASCAL VOC; its boxes count pixels from 1 and include both ends. */
export async function readVoc({ file, bytes, labels }: TruthSource): Promise<PredictResult> {
  const text = bytes.toString('utf8').replace(/<!--[\s\S]*?-->/g, '');
  const size = element(text, 'size') ?? '';
  const image = { width: number(size, 'width', file), height: number(size, 'height', file) };
  const numbers = classNumbers(labels);
  const detections = elements(text, 'object').map((object) => {
    // Parts of persons have their own boxes, which are ignored.
    const whole = object.replace(/<part>[\s\S]*?<\/part>/g, '');
    const label = fromEntities(element(whole, 'name') ?? '');
    const bounds = element(whole, 'bndbox') ?? '';
    const [left, top] = [number(bounds, 'xmin', file) - 1, number(bounds, 'ymin', file) - 1];
    const box: Box = [left, top, number(bounds, 'xmax', file), number(bounds, 'ymax', file)];
    return { classId: numbers.of(label, file), label, score: 1, box };
  });
  return { ...truthBase, kind: 'detection', image, labels: numbers.labels, detections };
}

function elements(text: string, name: string): string[] {
  return [...text.matchAll(new RegExp(`<${name}>([\\s\\S]*?)</${name}>`, 'g'))].map(([, content]) => content ?? '');
}

function element(text: string, name: string): string | undefined {
  return elements(text, name)[0]?.trim();
}

function number(text: string, name: string, file: string): number {
  const value = Number(element(text, name) ?? Number.NaN);
  if (Number.isFinite(value)) return value;
  throw new PaddleLabError('INVALID_ARGUMENT', `Expected a number in <${name}> of ${file}, a file of PASCAL VOC`);
}

function fromEntities(text: string): string {
  const names: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => names[name] ?? '');
}
