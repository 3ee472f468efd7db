import { spawn } from 'node:child_process';
import path from 'node:path';
import { closeSync, openSync, rmSync, writeSync } from '../files/fs';
import { makeTemporaryFolder } from '../temporary-folder';
import type { Header } from './jupyter-protocol';

/** The file with the header of the running cell's request, and that of Node's own report, in the folder of notes. */
export const NOTE_FILE = 'cell.json';
export const REPORT_FILE = 'fatal.json';
/** What native code writes while its lines go to cells. */
export const LOG_FILE = 'native.log';

/** Waits for the kernel's end, which closes its input; a word of goodbye before that says that all is well. */
const SCRIPT = 'read word && exit 0; exec "$0" "$@"';

/**
 * Sees to it that a cell says why its kernel has died. A process that runs out of memory or crashes in native code can't
 * say anything any more, so a tiny shell waits for that, and only then starts a program that does.
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
      // Not ended together with the kernel.
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

  /** Notes which cell runs; undefined when none does. */
  watch(header: Header | undefined): void {
    const text = header === undefined ? '' : JSON.stringify(header);
    writeSync(this.note, text.padEnd(this.length), 0);
    this.length = text.length;
  }

  /** Goes away: the kernel is about to end as it should. */
  dismiss(): void {
    this.shell.stdin?.write('goodbye\n');
    closeSync(this.note);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
