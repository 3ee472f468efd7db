import type { MimeBundle } from '../../display/display';
import { escapeHtml } from '../../display/display';
import { showControls } from '../../text/controls';
import { abbreviate, describeStatistics, type Numbers } from './array-statistics';
import { firstPlane, heatMap } from './heat-map';
import type { ValueDisplay } from './value-display';

interface TensorLike {
  name?: unknown;
  dtype?: unknown;
  shape: readonly number[];
  data: Numbers;
}

/** Shape, type, statistics, and the first plane as a heat map. */
export const tensorDisplay: ValueDisplay = {
  matches: isTensor,
  async show(value): Promise<MimeBundle> {
    const tensor = value as unknown as TensorLike;
    const text = tensorText(tensor);
    const plane = firstPlane(tensor.shape);
    if (plane === undefined) return { 'text/plain': text };
    const png = await heatMap(tensor.data, plane);
    const note = tensor.shape.length > 2 ? `the first of its ${plane.width}×${plane.height} planes` : 'its values';
    const image = `<img alt="${note}" src="data:image/png;base64,${png.toString('base64')}"/>`;
    return {
      'text/html': `<div><pre style="overflow-x:auto">${escapeHtml(text)}</pre>${image}<div style="opacity:.7">${note}</div></div>`,
      'image/png': png,
      'text/plain': text,
    };
  },
};

export function isTensor(value: object): boolean {
  const { shape, data } = value as Partial<TensorLike>;
  if (!Array.isArray(shape) || !shape.every((extent) => Number.isInteger(extent) && extent >= 0)) return false;
  if (!ArrayBuffer.isView(data) || data instanceof DataView) return false;
  return (data as unknown as Numbers).length === shape.reduce((count, extent) => count * extent, 1);
}

function tensorText({ name, dtype, shape, data }: TensorLike): string {
  const title = typeof name === 'string' && name !== '' ? `Tensor ${showControls(name)}` : 'Tensor';
  const type = typeof dtype === 'string' ? dtype : data.constructor.name;
  return `${title} ${type}[${shape.join(', ')}] ${describeStatistics(data)}\n${abbreviate(data)}`;
}
