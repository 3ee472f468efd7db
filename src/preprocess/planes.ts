import { PaddleLabError } from '../errors';
import type { PipelineState } from './state';

/** Converts interleaved pixels to planes; the last pass then writes planes. */
export function toPlanes(state: PipelineState): PipelineState {
  return { ...state, planes: true };
}

/** Refuses an operator at a position where the scripts would mistake columns for channels. */
export function checkOrder(state: PipelineState, type: string, planes: boolean): void {
  if (state.planes === planes) return;
  const wanted = planes ? 'planes; put it after the operator that makes them' : 'pixels, not planes; put it before';
  throw new PaddleLabError('CONFIG_INVALID', `${type} expects an image as ${wanted} (Permute, ToCHWImage)`);
}
