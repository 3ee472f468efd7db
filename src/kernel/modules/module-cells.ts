import { readFileSync } from '../../files/fs';
import { versionOf } from './file-version';
import { isFile } from './find-typescript';

/** Cells that define a module for other cells (`@module` in their first comment): they take the place of files. */
export class ModuleCells {
  private readonly cells = new Map<string, { text: string; version: number }>();

  /** Adds a cell under the name of the file that it stands for, or replaces it. */
  set(file: string, text: string): void {
    this.cells.set(file, { text, version: (this.cells.get(file)?.version ?? 0) + 1 });
  }

  has(file: string): boolean {
    return this.cells.has(file) || isFile(file);
  }

  read(file: string): string {
    return this.cells.get(file)?.text ?? readFileSync(file, 'utf8');
  }

  /** A string that changes whenever the cell or file does. */
  versionOf(file: string): string {
    const cell = this.cells.get(file);
    return cell === undefined ? versionOf(file) : `cell ${cell.version}`;
  }
}
