import { abbreviate, describeStatistics, type Numbers } from './array-statistics';
import type { ValueDisplay } from './value-display';

/** `Float32Array(1000) [0, 1, …, 8, 9] min 0, max 9, mean 4.5`. Buffers show as in Node. */
export const typedArrayDisplay: ValueDisplay = {
  matches: (value) => ArrayBuffer.isView(value) && !(value instanceof DataView) && !Buffer.isBuffer(value),
  show(value) {
    const numbers = value as unknown as Numbers;
    const name = `${value.constructor.name}(${numbers.length})`;
    return { 'text/plain': `${name} ${abbreviate(numbers)} ${describeStatistics(numbers)}` };
  },
};
