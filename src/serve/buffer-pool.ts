/** Smaller ones are not kept: to set aside a few pages is quick. */
const leastKept = 2 ** 16;
/** Bytes that are kept while nobody uses them. */
const mostKept = 2 ** 26;

/**
 * Memory that finished requests have left for others: the system takes longer to give new memory than a tensor takes to
 * be copied.
 */
export class BufferPool {
  private readonly kept: Buffer[] = [];
  private bytes = 0;

  /** A buffer of this size or larger; it may hold anything. */
  take(size: number): Buffer {
    // The last one is most likely in a cache of the processor.
    const place = this.kept.findLastIndex(({ length }) => length >= size && length <= 4 * size);
    if (place === -1) return Buffer.allocUnsafeSlow(size);
    const [found] = this.kept.splice(place, 1) as [Buffer];
    this.bytes -= found.length;
    return found;
  }

  /** Leaves a buffer for others, which nothing may read from then on. */
  leave(buffer: Buffer): void {
    if (buffer.length < leastKept || buffer.length > mostKept) return;
    this.kept.push(buffer);
    this.bytes += buffer.length;
    while (this.bytes > mostKept) this.bytes -= this.kept.shift()!.length;
  }
}
