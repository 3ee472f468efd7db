import type * as TypeScript from '@tslab/typescript-for-tslab';
import { statSync } from '../../files/fs';

interface Watched {
  callback: TypeScript.FileWatcherCallback;
  version: string;
}

/**
 * Tells the compiler which files of the user's have changed, when it is asked and at no other time: a cell always sees
 * a file as it is when the cell runs, and no folder full of data is watched.
 */
export class FileWatch {
  private readonly files = new Map<string, Set<Watched>>();

  constructor(private readonly changed: TypeScript.FileWatcherEventKind) {}

  /** In the place of the compiler's own watchers. */
  addTo(system: TypeScript.System): void {
    system.watchFile = (file, callback) => this.watch(file, callback);
    system.watchDirectory = () => ({ close: () => {} });
  }

  /** Reports every file that is not what it was. */
  poll(): void {
    for (const [file, watchers] of this.files) {
      const version = versionOf(file);
      for (const watched of watchers) {
        if (watched.version === version) continue;
        watched.version = version;
        watched.callback(file, this.changed);
      }
    }
  }

  private watch(file: string, callback: TypeScript.FileWatcherCallback): TypeScript.FileWatcher {
    // Packages and the compiler's libraries stay what they are as long as a kernel lives.
    if (file.includes('/node_modules/')) return { close: () => {} };
    const watchers = this.files.get(file) ?? new Set();
    const watched = { callback, version: versionOf(file) };
    watchers.add(watched);
    this.files.set(file, watchers);
    return {
      close: () => {
        watchers.delete(watched);
        if (watchers.size === 0) this.files.delete(file);
      },
    };
  }
}

/** Changes whenever the file does. */
export function versionOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? 'none' : `${stat.mtimeMs}:${stat.size}:${stat.ino}`;
}
