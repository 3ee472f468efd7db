/** Bytes of requests that are in memory at the same time, of all requests together. */
export class MemoryBudget {
  private used = 0;

  constructor(private readonly total: number) {}

  /** Counts bytes that have arrived. @returns whether they are within the budget; they are counted in any case */
  take(bytes: number): boolean {
    this.used += bytes;
    return this.used <= this.total;
  }

  free(bytes: number): void {
    this.used -= bytes;
  }
}
