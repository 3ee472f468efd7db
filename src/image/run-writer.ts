/** Joins runs of the same kind; the first is of pixels outside. */
export class RunWriter {
  private readonly runs: number[] = [];
  private inside = false;
  private length = 0;

  add(length: number, inside: boolean): void {
    if (length === 0) return;
    if (inside !== this.inside) {
      this.runs.push(this.length);
      this.length = 0;
      this.inside = inside;
    }
    this.length += length;
  }

  all(): number[] {
    return [...this.runs, this.length];
  }
}
