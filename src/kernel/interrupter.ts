import inspector from 'node:inspector';
import { setTimeout as sleep } from 'node:timers/promises';
import { readFileSync } from '../files/fs';
import type { SharedState } from './thread-messages';

/** How long the main thread may keep silent before the next, stronger means. */
const PATIENCE_MS = 100;
const POLL_MS = 10;
/** Processor time that a main thread has used since the signal if it is in a loop; one that only winds up uses less. */
const LOOPING_MS = 50;
/** How often force is used before an interrupt fails. */
const MOST_ATTEMPTS = 200;
/** After this long it is stopped by force, whatever it is at. */
const AT_LAST_MS = 2000;

/** How the main thread is told something. */
export interface MainThread {
  /** How many messages it was sent. */
  readonly posted: number;
  askToInterrupt(): void;
  /** Sends something that only has to be taken. */
  ping(): void;
}

/**
 * Stops what runs in the main thread, from the I/O thread, without losing the state of the notebook.
 *
 * A cell that awaits something leaves the event loop free: then asking is enough. The synchronous part of a cell runs
 * under `breakOnSigint` and is ended by a signal. What is left, a loop after an `await` or in a timer, is ended by
 * V8 on request of an inspector session; without `--no-force-async-hooks-checks` Node would abort on that.
 */
export class Interrupter {
  private session: inspector.Session | undefined;

  constructor(
    private readonly state: SharedState,
    private readonly mainThread: MainThread,
  ) {}

  /** Settles when the code has ended; says whether force was needed, which may have hit the kernel's own code, too. */
  async interrupt(): Promise<'gently' | 'by force'> {
    const { beats, turns } = this.state;
    // What is meant is the code that runs now: once it has ended by itself, stronger means would hit the next cell.
    const ended = (): boolean => this.state.beats !== beats || this.state.turns !== turns;
    this.mainThread.askToInterrupt();
    if (await this.becomes(ended)) return 'gently';
    const signalled = loopDetector();
    this.state.signalled = true;
    signalGroup();
    if (await this.becomes(ended)) return 'gently';
    // On a busy machine a cell that the signal has ended may not have come back yet, and force would hit the next one.
    if (await this.becomes(ended, signalled, AT_LAST_MS)) return 'gently';
    await this.useForce(ended);
    return 'by force';
  }

  private async useForce(ended: () => boolean): Promise<void> {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
      const looping = loopDetector();
      // What goes on after the first time is work that makes more work.
      this.state.starved = attempt > 0;
      this.terminate();
      const hasEnded = await this.becomes(ended, looping, AT_LAST_MS);
      if (hasEnded ? await this.mainThreadIsFree() : !looping()) break;
    }
    this.state.starved = false;
  }

  /**
   * Whether the main thread takes messages without force. Each use of force lets one through, although what loops may
   * go on behind it.
   */
  private mainThreadIsFree(): Promise<boolean> {
    this.mainThread.ping();
    const { posted } = this.mainThread;
    return this.becomes(() => this.state.beats >= posted, loopDetector(), AT_LAST_MS);
  }

  private async becomes(
    ended: () => boolean,
    hopeless: () => boolean = () => false,
    patience: number = PATIENCE_MS,
  ): Promise<boolean> {
    for (let waited = 0; waited < patience && !hopeless(); waited += POLL_MS) {
      await sleep(POLL_MS);
      if (ended()) return true;
      // Stopping the compiler half-way would leave it unusable; it comes back by itself.
      if (this.state.compiling) waited = 0;
    }
    return false;
  }

  private terminate(): void {
    if (this.session === undefined) {
      this.session = new inspector.Session();
      this.session.connectToMainThread();
      this.session.post('Runtime.enable');
    }
    this.session.post('Runtime.terminateExecution');
  }
}

/** Tells, from now on, whether the main thread has been at work for long enough to be in a loop. */
function loopDetector(): () => boolean {
  const before = mainThreadMs();
  return () => mainThreadMs() - before >= LOOPING_MS;
}

/** Processor time of the main thread; endless where the system does not tell. */
function mainThreadMs(): number {
  try {
    const stat = readFileSync(`/proc/self/task/${process.pid}/stat`, 'utf8');
    // After the name in parentheses, which may hold anything: state is field 3, user and system time are 14 and 15.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** To the whole group if the kernel leads one, so that a child process which is waited for synchronously ends too. */
function signalGroup(): void {
  try {
    process.kill(-process.pid, 'SIGINT');
  } catch {
    process.kill(process.pid, 'SIGINT');
  }
}
