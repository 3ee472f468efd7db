import { Interrupted } from './interrupted';
import type { SharedState } from './thread-messages';

/**
 * Interrupts that come while a cell waits for the kernel, or compiles: nothing of its code runs yet that could be ended, so
 * that the cell has to look for them itself before it begins. Those that came before the cell, or that were meant for one
 * before it, do not count.
 */
export class PendingInterrupts {
  /** All up to this one have nothing to do with the cell. */
  private before = 0;
  /** All up to this one came while an earlier cell was worked at. */
  private spent = 0;

  constructor(private readonly state: SharedState) {}

  /** @param arrived how many had been asked for when the cell arrived */
  begin(arrived: number): void {
    this.before = Math.max(arrived, this.spent);
  }

  end(): void {
    this.spent = this.state.interrupts;
    this.before = this.spent;
  }

  /** Whether an interrupt was meant for an earlier cell. */
  isSpent(number: number): boolean {
    return number <= this.before;
  }

  /** @throws Interrupted if the cell was interrupted since it arrived */
  check(): void {
    if (this.state.interrupts <= this.before) return;
    // For the I/O thread: nothing of the cell is left that it would have to end by force.
    this.state.turn();
    throw new Interrupted();
  }
}
