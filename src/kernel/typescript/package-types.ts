import path from 'node:path';
import { existsSync, readFileSync } from '../../files/fs';
import type { LanguageServer } from './language-server';
import { nodeModulesOf } from './options';

interface Manifest {
  types?: unknown;
  exports?: unknown;
}

/**
 * Makes the compiler use a package's CommonJS types if it ships both CommonJS and ES modules: cells load such a
 * package by `require`. Its types may differ: sharp's ES module types have no namespace, for example. The package's
 * manifest is shown to the compiler with the types of `require` also for `import`.
 */
export class PackageTypes {
  private readonly seen = new Set<string>();
  private readonly folders: readonly string[];

  /** @param fallbacks the folders of packages that the notebook's folder does not have */
  constructor(
    private readonly server: LanguageServer,
    folder: string,
    private readonly fallbacks: ReadonlyMap<string, string>,
  ) {
    this.folders = nodeModulesOf(folder);
  }

  /** Call it with everything that a cell imports, before the cell is checked. */
  prepare(specifiers: readonly string[]): void {
    for (const specifier of specifiers) {
      const name = /^(@[^/]+\/[^/]+|[^./@][^/]*)/.exec(specifier)?.[0];
      if (name === undefined || this.seen.has(name)) continue;
      const file = this.manifestOf(name);
      if (file === undefined) continue;
      this.seen.add(name);
      const text = withTypesOfRequire(readFileSync(file, 'utf8'));
      if (text !== undefined) this.server.write(file, text, 'plaintext');
    }
  }

  private manifestOf(name: string): string | undefined {
    const fallback = this.fallbacks.get(name);
    const folders = [...this.folders.map((folder) => path.join(folder, name)), ...(fallback ? [fallback] : [])];
    return folders.map((folder) => path.join(folder, 'package.json')).find((file) => existsSync(file));
  }
}

/** A manifest whose `import` leads to what `require` leads to; undefined if it has not both. */
function withTypesOfRequire(text: string): string | undefined {
  if (!text.includes('"require"')) return undefined;
  const manifest = JSON.parse(text) as Manifest;
  const exports = redirect(manifest.exports);
  const main = typesOf(exports);
  return JSON.stringify({ ...manifest, exports, ...(main === undefined ? {} : { types: main }) });
}

function redirect(exports: unknown): unknown {
  if (!isRecord(exports)) return exports;
  const entries = Object.entries(exports).map(([key, value]) => {
    return [key, redirect(key === 'import' && exports.require !== undefined ? exports.require : value)];
  });
  return Object.fromEntries(entries);
}

/** The types of the package itself, for a compiler that finds it by its folder. */
function typesOf(exports: unknown): unknown {
  if (!isRecord(exports)) return undefined;
  const main = exports['.'] ?? exports;
  const conditions = isRecord(main) ? main.require : undefined;
  return isRecord(conditions) ? conditions.types : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
