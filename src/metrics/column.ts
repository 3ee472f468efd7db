type Numbers = Float64Array | Uint32Array | Uint16Array | Uint8Array;

/** A typed array that grows: millions of numbers without an object for each. */
export class Column<A extends Numbers> {
  private data: A;
  length = 0;

  /** @param make a new array of that many numbers */
  constructor(private readonly make: (length: number) => A) {
    this.data = make(64);
  }

  push(value: number): void {
    if (this.length === this.data.length) {
      const larger = this.make(2 * this.length);
      larger.set(this.data);
      this.data = larger;
    }
    this.data[this.length++] = value;
  }

  at(index: number): number {
    return this.data[index] as number;
  }

  /** The numbers so far; valid until the next `push`. */
  get values(): A {
    return this.data.subarray(0, this.length) as A;
  }

  /** The numbers at these places, in this order. */
  take(order: Uint32Array): A {
    const taken = this.make(order.length);
    for (let i = 0; i < order.length; i++) taken[i] = this.data[order[i] as number] as number;
    return taken;
  }
}

export function doubleColumn(): Column<Float64Array> {
  return new Column((length) => new Float64Array(length));
}

export function indexColumn(): Column<Uint32Array> {
  return new Column((length) => new Uint32Array(length));
}

export function bitsColumn(): Column<Uint16Array> {
  return new Column((length) => new Uint16Array(length));
}

export function byteColumn(): Column<Uint8Array> {
  return new Column((length) => new Uint8Array(length));
}
