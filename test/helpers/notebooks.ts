import { writeFileSync } from 'node:fs';

/** Writes a notebook of code cells that have not run, for this checkout's kernel; returns its file. */
export function writeNotebook(file: string, sources: readonly string[], metadata: readonly object[] = []): string {
  const cells = sources.map((source, index) => ({
    ...{ cell_type: 'code', id: `cell-${index}`, source, outputs: [], execution_count: null },
    metadata: metadata[index] ?? {},
  }));
  const kernelspec = { name: 'paddlelab', display_name: 'TypeScript (paddlelab)', language: 'typescript' };
  writeFileSync(file, JSON.stringify({ cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 }));
  return file;
}
