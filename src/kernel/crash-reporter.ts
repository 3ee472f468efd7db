import { spawn } from 'node:child_process';
import path from 'node:path';
import { closeSync, openSync, rmSync, writeSync } from '../files/fs';
import { makeTemporaryFolder } from '../temporary-folder';
import type { Header } from './jupyter-protocol';

/** Files in the notes folder: the header of the running cell's request, and Node's own diagnostic report. */
export const NOTE_FILE = 'cell.json';
export const REPORT_FILE = 'fatal.json';
/** The output of native code while it is routed to cells. */
export const LOG_FILE = 'native.log';

/** Waits until stdin closes, which happens when the kernel ends; a line received before that means a normal exit. */
const SCRIPT = 'read word && exit 0; exec "$0" "$@"';

/**
 * Reports in the cell why its kernel has died. A process that runs out of memory or crashes in native code can't report
 * anything itself, so a small shell process waits for its end and starts the reporter only then.
 */
export class CrashReporter {
  readonly folder = makeTemporaryFolder('notes');
  private readonly note = openSync(path.join(this.folder, NOTE_FILE), 'w');
  private readonly shell: ReturnType<typeof spawn>;
  private length = 0;

  constructor(connectionFile: string) {
    const program = path.join(__dirname, 'report-crash.js');
    this.shell = spawn('/bin/sh', ['-c', SCRIPT, process.execPath, program, connectionFile, this.folder], {
      stdio: ['pipe', 'ignore', 'ignore'],
      // Must survive the kernel.
      detached: true,
    });
    this.shell.on('error', () => undefined);
    this.shell.stdin?.on('error', () => undefined);
    this.shell.unref();
    (this.shell.stdin as unknown as { unref(): void }).unref();
    if (process.report === undefined) return;
    process.report.reportOnFatalError = true;
    process.report.directory = this.folder;
    process.report.filename = REPORT_FILE;
    process.report.compact = true;
  }

  /** Records the running cell; undefined when none runs. */
  watch(header: Header | undefined): void {
    const text = header === undefined ? '' : JSON.stringify(header);
    writeSync(this.note, text.padEnd(this.length), 0);
    this.length = text.length;
  }

  /** Stops the reporter: the kernel is about to exit normally. */
  dismiss(): void {
    this.shell.stdin?.write('goodbye\n');
    closeSync(this.note);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
