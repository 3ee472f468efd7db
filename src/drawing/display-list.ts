import type { Rgb } from '../display/palette';
import type { NativeDrawing } from '../native/image-types';

/** Codes of the operations, the same as in `native/src/draw/display_list.cc`. */
const codes = {
  rectangle: 1,
  path: 2,
  stroke: 3,
  masks: 4,
  coverage: 5,
  layer: 6,
  blur: 7,
  pixelate: 8,
  heatMap: 9,
  floatMasks: 10,
  background: 11,
  halo: 12,
} as const;

type Operands = (number | Rgb | readonly number[])[];

/** Operations for the addon, in drawing order, with the buffers that they refer to. */
export class DisplayList {
  readonly #numbers: number[] = [];
  readonly #buffers: (Uint8Array | Float32Array)[] = [];
  readonly #bufferIndex = new Map<Uint8Array | Float32Array, number>();
  readonly #strings: string[] = [];

  /** Appends an operation; arrays among the operands are stored element by element. */
  add(code: keyof typeof codes, ...operands: Operands): void {
    this.#numbers.push(codes[code]);
    for (const operand of operands) {
      if (typeof operand === 'number') this.#numbers.push(operand);
      else for (const number of operand) this.#numbers.push(number);
    }
  }

  /** The index of a buffer; the same buffer always has the same index. */
  buffer(memory: Uint8Array | Float32Array): number {
    let index = this.#bufferIndex.get(memory);
    if (index === undefined) {
      index = this.#buffers.push(memory) - 1;
      this.#bufferIndex.set(memory, index);
    }
    return index;
  }

  /** The index of a mask's run lengths. */
  string(counts: string): number {
    return this.#strings.push(counts) - 1;
  }

  finish(): Pick<NativeDrawing, 'numbers' | 'buffers' | 'strings'> {
    return { numbers: Float64Array.from(this.#numbers), buffers: this.#buffers, strings: this.#strings };
  }
}
