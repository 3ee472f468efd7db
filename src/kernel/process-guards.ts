import { inspect } from 'node:util';
import { PaddleLabError } from '../errors';
import { failureOf } from './failure';
import { recoverImmediates } from './immediate-recovery';
import { Interrupted } from './interrupted';
import { holdSigint } from './sigint';
import type { StackContext } from './stack';
import type { SharedState } from './thread-messages';

/** The real `process.exit`; cells see another function under this name. */
export const exitProcess = process.exit.bind(process);

const realWrite = process.stderr.write.bind(process.stderr);

/** Writes to the log of the Jupyter server, not to a notebook. */
export function logProblem(error: unknown): void {
  realWrite(`paddlelab kernel: ${typeof error === 'string' ? error : inspect(error)}\n`);
}

/** Keeps the kernel alive on uncaught errors and `process.exit` in cells, and reports them in the cell. */
export function protectProcess(context: StackContext, state: SharedState): void {
  // The I/O thread sends this signal to end the synchronous part of a cell.
  holdSigint(state);
  process.on('uncaughtException', (error) => {
    if (!recoverImmediates(error)) report('Uncaught', error, context);
  });
  process.on('unhandledRejection', (reason) => {
    // An interrupt aborts library calls of the cell; their rejections are expected and have no handler.
    if (reason instanceof PaddleLabError && reason.code === 'ABORTED') return;
    report('Unhandled rejection', reason, context);
  });
  process.exit = refuseExit;
}

function report(what: string, thrown: unknown, context: StackContext): void {
  const { ename, traceback } = failureOf(thrown, context);
  // The interrupt itself is reported as the cell's end.
  if (ename !== Interrupted.name) process.stderr.write(`${what} ${traceback.join('\n')}\n`);
}

function refuseExit(code?: number | string | null): never {
  throw new Error(
    `process.exit(${code ?? ''}) would end the kernel and lose every variable. Restart or shut down the kernel instead`,
  );
}
