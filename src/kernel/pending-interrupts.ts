import { Interrupted } from './interrupted';
import type { SharedState } from './thread-messages';

/**
 * Interrupts that arrive while a cell is queued or compiling. None of its code runs yet, so there is nothing to end,
 * and the cell checks for them before it begins. Interrupts from before the cell, or for an earlier cell, do not count.
 */
export class PendingInterrupts {
  /** Interrupts up to this number do not concern the cell. */
  private before = 0;
  /** Interrupts up to this number arrived while an earlier cell was processed. */
  private spent = 0;

  constructor(private readonly state: SharedState) {}

  /** @param arrived number of interrupts when the cell arrived */
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
    // For the I/O thread: no code of the cell is left to terminate.
    this.state.turn();
    throw new Interrupted();
  }
}
