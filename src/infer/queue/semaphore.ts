/** Limits how much work runs at the same time; it starts in the order of the calls. */
export class Semaphore {
  private free: number;
  private readonly waiting: { readonly wants: number; readonly start: () => void }[] = [];

  constructor(private readonly limit: number) {
    this.free = limit;
  }

  /** With other work at the same time. */
  use<T>(work: () => Promise<T>): Promise<T> {
    return this.take(1, work);
  }

  /** When no other work happens. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return this.take(this.limit, work);
  }

  private async take<T>(wants: number, work: () => Promise<T>): Promise<T> {
    if (this.waiting.length > 0 || this.free < wants) {
      await new Promise<void>((start) => this.waiting.push({ wants, start }));
    } else {
      this.free -= wants;
    }
    try {
      return await work();
    } finally {
      this.free += wants;
      this.next();
    }
  }

  private next(): void {
    for (let first = this.waiting[0]; first !== undefined && first.wants <= this.free; first = this.waiting[0]) {
      this.waiting.shift();
      this.free -= first.wants;
      first.start();
    }
  }
}
