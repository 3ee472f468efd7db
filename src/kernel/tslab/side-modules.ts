import path from 'node:path';
import { versionOf } from '../modules/file-version';
import type { ModuleGraph } from '../modules/module-graph';
import type { CompiledModule } from './compiled-modules';

/** Files that the compiler does not handle, with their versions when they were loaded. */
type PlainFiles = ReadonlyMap<string, string>;

const LOCAL_REQUIRE = /\brequire\((["'])(\.{1,2}\/[^"'\n]+)\1\)/g;

/** The user's own files as compiled by tslab, which reloads a file only when that file itself changes. */
export class SideModules {
  private readonly known = new Map<string, string>();
  private readonly plainFiles = new Map<string, PlainFiles>();

  constructor(private readonly graph: ModuleGraph) {}

  /** These files, plus those that load one of them or a changed plain file, directly or indirectly. */
  withDependents(changed: readonly CompiledModule[] | undefined): CompiledModule[] | undefined {
    for (const { path, data } of changed ?? []) this.known.set(path, data);
    const stale = new Set([...(changed ?? []).map(({ path }) => path), ...this.withChangedPlainFiles()]);
    for (const file of stale) {
      const name = file.slice(file.lastIndexOf('/') + 1).replace(/\.js$/, '');
      for (const [path, data] of this.known) {
        // A file of the same name in another folder is reloaded unnecessarily, which does no harm.
        if (data.includes(`/${name}")`) || data.includes(`/${name}.js")`)) stale.add(path);
      }
    }
    for (const file of stale) this.plainFiles.set(file, this.plainFilesOf(file));
    return stale.size === 0 ? changed?.slice() : [...stale].map((path) => ({ path, data: this.known.get(path) ?? '' }));
  }

  private withChangedPlainFiles(): string[] {
    const stale = [...this.plainFiles].filter(([, files]) => {
      const changed = [...files].some(([file, version]) => versionOf(file) !== version);
      // Including the files between the changed one and the compiled file.
      if (changed) for (const file of files.keys()) delete require.cache[file];
      return changed;
    });
    return stale.map(([file]) => file);
  }

  private plainFilesOf(file: string): PlainFiles {
    const names = [...(this.known.get(file) ?? '').matchAll(LOCAL_REQUIRE)].map(([, , name]) => name ?? '');
    const files = names.map((name) => path.resolve(path.dirname(file), name));
    const plain = files.filter((each) => path.extname(each) !== '' && versionOf(each) !== 'none');
    return new Map(plain.flatMap((each) => this.graph.reachable(each)).map((each) => [each, versionOf(each)]));
  }
}
