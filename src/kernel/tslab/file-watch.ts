import type * as TypeScript from '@tslab/typescript-for-tslab';
import { versionOf } from '../modules/file-version';

interface Watched {
  callback: TypeScript.FileWatcherCallback;
  version: string;
}

/**
 * Reports changes of the user's files to the compiler, only on request: a cell always sees a file as it is when the
 * cell runs, and no large data folder is watched.
 */
export class FileWatch {
  private readonly files = new Map<string, Set<Watched>>();

  constructor(private readonly changed: TypeScript.FileWatcherEventKind) {}

  /** Replaces the compiler's own watchers. */
  addTo(system: TypeScript.System): void {
    system.watchFile = (file, callback) => this.watch(file, callback);
    system.watchDirectory = () => ({ close: () => {} });
  }

  /** Reports every changed file. */
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
    // Packages and the compiler's libraries are assumed not to change while the kernel runs.
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
