import type * as TypeScript from '@tslab/typescript-for-tslab';

/**
 * Makes the compiler take the types of a package's CommonJS side where it has both sides.
 *
 * Cells run through `require`, but the compiler's only mode that knows `exports` and top-level await at once takes what
 * a package exports under `import`. That may be shaped otherwise: sharp's is no namespace, for example.
 */
export function preferRequire(system: TypeScript.System): void {
  const { readFile } = system;
  system.readFile = (file, encoding) => {
    const text = readFile.call(system, file, encoding);
    if (!file.endsWith('/package.json') || !text?.includes('"require"')) return text;
    return requireAsImport(text);
  };
}

function requireAsImport(packageJson: string): string {
  try {
    const content = JSON.parse(packageJson);
    return JSON.stringify({ ...content, exports: redirect(content.exports) });
  } catch {
    return packageJson;
  }
}

/** Exports in which `import` leads where `require` does. */
function redirect(exports: unknown): unknown {
  if (exports === null || typeof exports !== 'object' || Array.isArray(exports)) return exports;
  const hasBoth = 'import' in exports && 'require' in exports;
  // The first condition that holds counts, so the order stays what it was.
  const entries = Object.entries(exports).flatMap(([key, value]) => {
    if (key === 'require') return hasBoth ? [] : [['import', redirect(value)]];
    return [[key, redirect(key === 'import' && 'require' in exports ? exports.require : value)]];
  });
  return Object.fromEntries(entries);
}
