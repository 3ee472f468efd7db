import type { Conventions } from '../spec/conventions';
import type { ModelSpec } from '../spec/spec';

/**
 * Differences between the toolkits' scripts, by toolkit, architecture and folder layout. Only this file and
 * `script-output.ts` know their names; all other code reads fields.
 */
export function conventionsOf({ family, arch, layout, task }: Omit<ModelSpec, 'conventions'>): Conventions {
  const old = family === 'PaddleDetection 1.x';
  const paddlex = family === 'PaddleX';
  const solov2 = arch.includes('SOLOv2');
  const lines = task === 'text-recognition';
  const known = task !== 'tensors' && task !== 'custom';
  return {
    inputs: old ? '1.x' : '2.x',
    imInfo: solov2 ? 'resized' : 'padded',
    batches:
      !known || old || solov2 ? 'one image' : family === 'PaddleDetection 2.x' || lines ? 'padded' : 'equal sizes',
    batchOrder: lines ? 'by aspect ratio' : 'given',
    boxCount: old ? 'rows' : 'second output',
    readingOrder: paddlex,
    arrangesLayout: paddlex,
    clampsBoxes: paddlex,
    masks: solov2 ? 'segments' : old ? 'inside boxes' : 'whole image',
    segmentClassOffset: old ? 1 : 0,
    outputOrder: layout === 'Paddle Serving' && !old ? 'by name' : 'exported',
    people: arch.includes('HigherHRNet') ? 'bottom-up' : 'top-down',
    printedSeparators: old ? [',', ', '] : [', ', ','],
  };
}
