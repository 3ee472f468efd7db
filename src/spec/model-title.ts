import path from 'node:path';
import type { ModelSpec } from './spec';

/** What a model is called in messages: its architecture, or its folder if no configuration names one. */
export function modelTitle({ arch, files }: Pick<ModelSpec, 'arch' | 'files'>): string {
  return arch === 'unknown' ? path.basename(files.directory) : arch;
}
