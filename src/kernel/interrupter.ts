import inspector from 'node:inspector';
import { setTimeout as sleep } from 'node:timers/promises';
import { readFileSync } from '../files/fs';
import type { SharedState } from './thread-messages';

/** How long the main thread may be unresponsive before the next, stronger step. */
const TIMEOUT_MS = 100;
const POLL_MS = 10;
/** CPU time after the signal from which on the main thread counts as looping; one that only unwinds uses less. */
const LOOPING_MS = 50;
/** Number of forced terminations before an interrupt fails. */
const MOST_ATTEMPTS = 200;
/** How often a child process that still runs is signalled again. */
const MOST_SIGNALS = 5;
/** After this time it is terminated, whatever it does. */
const AT_LAST_MS = 2000;

/** The link to the main thread. */
export interface MainThread {
  /** Number of messages sent to it. */
  readonly posted: number;
  askToInterrupt(): void;
  /** Sends a message that only has to be received. */
  ping(): void;
}

/**
 * Stops the code that runs in the main thread, from the I/O thread, without losing the state of the notebook.
 *
 * While a cell awaits something the event loop is free: then a message is enough. The synchronous part of a cell runs
 * under `breakOnSigint` and is ended by a signal. In the remaining case, a loop after an `await` or in a timer, an
 * inspector session makes V8 terminate the code; without `--no-force-async-hooks-checks` Node would abort on that.
 */
export class Interrupter {
  private session: inspector.Session | undefined;

  constructor(
    private readonly state: SharedState,
    private readonly mainThread: MainThread,
  ) {}

  /**
   * Settles when the code has ended; tells whether it was terminated, which may have hit the kernel's own code, too.
   */
  async interrupt(): Promise<'gently' | 'by force'> {
    const { beats, turns } = this.state;
    // Only the code running now is meant: once it has ended by itself, a stronger step would hit the next cell.
    const ended = (): boolean => this.state.beats !== beats || this.state.turns !== turns;
    this.mainThread.askToInterrupt();
    if (await this.becomes(ended)) return 'gently';
    const signalled = loopDetector();
    this.state.signalled = true;
    signalGroup();
    if (await this.becomes(ended)) return 'gently';
    // On a busy machine a cell ended by the signal may not have returned yet, and a termination would hit the next one.
    if (await this.becomes(ended, signalled, AT_LAST_MS)) return 'gently';
    await this.useForce(ended);
    return 'by force';
  }

  private async useForce(ended: () => boolean): Promise<void> {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
      const looping = loopDetector();
      // Code that still runs after the first termination keeps queuing new work.
      this.state.starved = attempt > 0;
      this.terminate();
      const hasEnded = await this.becomes(ended, looping, AT_LAST_MS);
      if (hasEnded && (await this.mainThreadIsFree())) break;
      if (hasEnded || looping()) continue;
      // Neither ended nor busy: it waits for a child process, which may have been started just after the signal.
      if (attempt === MOST_SIGNALS) break;
      signalGroup();
    }
    this.state.starved = false;
  }

  /**
   * Whether the main thread takes messages without a termination. Each termination lets one message through, although
   * the loop may go on after it.
   */
  private mainThreadIsFree(): Promise<boolean> {
    this.mainThread.ping();
    const { posted } = this.mainThread;
    return this.becomes(() => this.state.beats >= posted, loopDetector(), AT_LAST_MS);
  }

  private async becomes(
    ended: () => boolean,
    shouldStop: () => boolean = () => false,
    timeoutMs: number = TIMEOUT_MS,
  ): Promise<boolean> {
    for (let waited = 0; waited < timeoutMs && !shouldStop(); waited += POLL_MS) {
      await sleep(POLL_MS);
      if (ended()) return true;
      // Terminating the compiler half-way would leave it unusable; it returns by itself.
      if (this.state.compiling) waited = 0;
    }
    return false;
  }

  private terminate(): void {
    this.state.terminated = true;
    if (this.session === undefined) {
      this.session = new inspector.Session();
      this.session.connectToMainThread();
    }
    this.session.post('Runtime.terminateExecution');
  }
}

/** Returns a function that tells whether the main thread has used enough CPU time since now to be in a loop. */
function loopDetector(): () => boolean {
  const before = mainThreadMs();
  return () => mainThreadMs() - before >= LOOPING_MS;
}

/** CPU time of the main thread; infinite where the system does not report it. */
function mainThreadMs(): number {
  try {
    const stat = readFileSync(`/proc/self/task/${process.pid}/stat`, 'utf8');
    // Parsed after the name in parentheses, which may hold any character: state is field 3, user and system time are 14
    // and 15.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** To the whole process group if the kernel leads one, so that a child process in a synchronous wait ends too. */
function signalGroup(): void {
  try {
    process.kill(-process.pid, 'SIGINT');
  } catch {
    process.kill(process.pid, 'SIGINT');
  }
}
