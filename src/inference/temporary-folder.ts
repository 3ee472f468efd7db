import { tmpdir } from 'node:os';
import path from 'node:path';
import { mkdtemp, rm, rmSync } from '../files/fs';

const present = new Set<string>();

/** A folder of this process that goes when it is released, or when the process ends. */
export class TemporaryFolder {
  private constructor(readonly path: string) {}

  static async create(): Promise<TemporaryFolder> {
    const folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-model-'));
    if (present.size === 0) process.once('exit', removeAll);
    present.add(folder);
    return new TemporaryFolder(folder);
  }

  async release(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
    present.delete(this.path);
    if (present.size === 0) process.removeListener('exit', removeAll);
  }
}

function removeAll(): void {
  for (const folder of present) rmSync(folder, { recursive: true, force: true });
}
