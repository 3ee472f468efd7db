/** A drawn frame that can be looked at again. */
export interface KeptFrame {
  /** From 0, in the order in which they were shown. */
  readonly number: number;
  readonly jpeg: Buffer;
  readonly text: string;
}

/** The last frames, in bounded memory. */
export class KeptFrames {
  readonly #frames: KeptFrame[] = [];
  #bytes = 0;

  constructor(
    private readonly mostFrames: number,
    private readonly mostBytes: number,
  ) {}

  add(frame: KeptFrame): void {
    this.#frames.push(frame);
    this.#bytes += frame.jpeg.length;
    while (this.#frames.length > this.mostFrames || (this.#bytes > this.mostBytes && this.#frames.length > 1)) {
      this.#bytes -= (this.#frames.shift() as KeptFrame).jpeg.length;
    }
  }

  get first(): KeptFrame | undefined {
    return this.#frames[0];
  }

  get last(): KeptFrame | undefined {
    return this.#frames.at(-1);
  }

  at(number: number): KeptFrame | undefined {
    return this.#frames[number - (this.first?.number ?? 0)];
  }
}
