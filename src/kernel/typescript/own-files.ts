import path from 'node:path';
import { readFileSync } from '../../files/fs';
import type { Diagnostic } from '../compiler/cell-compiler';
import { plainDiagnostics, type ServerDiagnostic } from './diagnostics';
import type { WatchedFiles } from './watched-files';

/** Finds the errors in the user's own TypeScript files. */
export class OwnFiles {
  /** The versions of files that were checked together and had no errors. */
  private readonly clean = new Set<string>();

  constructor(
    private readonly watched: WatchedFiles,
    private readonly diagnose: (file: string) => Promise<readonly ServerDiagnostic[]>,
  ) {}

  /** The errors of the files that a cell imports, directly or indirectly. */
  async errors(imports: readonly string[]): Promise<Diagnostic[]> {
    const files = this.watched.reachable(imports);
    const state = JSON.stringify([...files]);
    if (files.size === 0 || this.clean.has(state)) return [];
    const found: Diagnostic[] = [];
    for (const file of files.keys()) {
      const diagnostics = plainDiagnostics(await this.diagnose(file), readFileSync(file, 'utf8'));
      const fileName = path.relative(process.cwd(), file);
      found.push(...diagnostics.map((each) => ({ ...each, fileName })));
    }
    if (found.length === 0) this.clean.add(state);
    return found;
  }
}
