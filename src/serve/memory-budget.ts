/** Bytes of requests that are in memory at the same time, of all requests together. */
export class MemoryBudget {
  private used = 0;

  constructor(private readonly total: number) {}

  /** Takes memory for what has arrived. @returns whether there is room for it; it is taken in any case */
  take(bytes: number): boolean {
    this.used += bytes;
    return this.used <= this.total;
  }

  free(bytes: number): void {
    this.used -= bytes;
  }
}
