import path from 'node:path';
import { closeSync, fstatSync, openSync } from '../files/fs';
import { setLogging } from '../inference/logging';
import { loadBinding } from '../native/binding';
import { LOG_FILE } from './crash-reporter';
import type { KernelIo } from './io';
import type { Header } from './jupyter-protocol';

/**
 * Lets what native code writes to the process's streams go to the cells that cause it. In between is a file: native
 * code never waits for a reader then, and after a crash its last words can still be read.
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
    // Writers append, so that the file can be emptied when all has been read.
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

  /** From now on, lines belong to this cell; undefined for one that must not be heard. */
  belongsTo(cell: Header | undefined): void {
    this.cell = cell;
    if (this.on) this.io.setLogCell(cell);
  }
}
