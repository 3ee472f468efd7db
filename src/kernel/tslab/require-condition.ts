import type * as TypeScript from '@tslab/typescript-for-tslab';

/**
 * Makes the compiler use a package's CommonJS types if it ships both CommonJS and ES modules.
 *
 * Cells run through `require`, but the compiler's only mode that supports both `exports` and top-level await uses the
 * `import` condition. Its types may differ: sharp's ES module types have no namespace, for example.
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

/** Exports in which `import` points to the target of `require`. */
function redirect(exports: unknown): unknown {
  if (exports === null || typeof exports !== 'object' || Array.isArray(exports)) return exports;
  const hasBoth = 'import' in exports && 'require' in exports;
  // The first matching condition wins, so the order is kept.
  const entries = Object.entries(exports).flatMap(([key, value]) => {
    if (key === 'require') return hasBoth ? [] : [['import', redirect(value)]];
    return [[key, redirect(key === 'import' && 'require' in exports ? exports.require : value)]];
  });
  return Object.fromEntries(entries);
}
