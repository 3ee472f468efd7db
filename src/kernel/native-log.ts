import path from 'node:path';
import { closeSync, fstatSync, openSync } from '../files/fs';
import { setLogging } from '../inference/logging';
import { loadBinding } from '../native/binding';
import { LOG_FILE } from './crash-reporter';
import type { KernelIo } from './io';
import type { Header } from './jupyter-protocol';

/**
 * Routes the output of native code on the process's streams to the cells that cause it. It passes through a file, so
 * that native code never waits for a reader, and the last lines before a crash can still be read.
 */
export class NativeLog {
  private on = false;
  private cell: Header | undefined;

  constructor(
    private readonly io: KernelIo,
    private readonly folder: string,
  ) {}

  get isOn(): boolean {
    return this.on;
  }

  /** @throws PaddleLabError ADDON_UNAVAILABLE */
  turnOn(): void {
    if (this.on) return;
    const binding = loadBinding();
    const name = path.join(this.folder, LOG_FILE);
    // Opened in append mode, so that the file can be truncated once it has been read.
    const file = openSync(name, 'a', 0o600);
    const from = fstatSync(file).size;
    binding.redirectStandardStreams(file);
    closeSync(file);
    setLogging(true);
    this.on = true;
    this.io.followLog({ name, from });
    this.io.setLogCell(this.cell);
  }

  turnOff(): void {
    if (!this.on) return;
    loadBinding().restoreStandardStreams();
    setLogging(false);
    this.on = false;
    this.io.followLog(undefined);
  }

  /** Assigns later lines to this cell; undefined discards them. */
  belongsTo(cell: Header | undefined): void {
    this.cell = cell;
    if (this.on) this.io.setLogCell(cell);
  }
}
