import Module from 'node:module';
import path from 'node:path';
import { packageRoot } from '../../package-root';

interface ModuleInternals {
  _resolveFilename(
    request: string,
    parent: { filename?: string } | undefined,
    isMain: boolean,
    options?: object,
  ): string;
}

/**
 * Makes `require` agree with the compiler: `paddlelab` resolves to this package, and its dependencies are the last
 * fallback.
 */
export function hookResolution(ownName: string, root: string = packageRoot()): void {
  const internals = Module as unknown as ModuleInternals;
  const original = internals._resolveFilename;
  internals._resolveFilename = function (request, parent, isMain, options) {
    if (request === ownName || request.startsWith(`${ownName}/`)) {
      return original.call(this, path.join(root, request.slice(ownName.length)), parent, isMain);
    }
    try {
      return original.call(this, request, parent, isMain, options);
    } catch (error) {
      if (!mayFallBack(request, parent)) throw error;
      try {
        return original.call(this, request, parent, isMain, { paths: [root] });
      } catch {
        throw error;
      }
    }
  };
}

/** Only for requests from cells and the user's files, not for optional dependencies of packages. */
function mayFallBack(request: string, parent: { filename?: string } | undefined): boolean {
  const isPackage = !request.startsWith('.') && !path.isAbsolute(request);
  return isPackage && !(parent?.filename ?? '').includes('/node_modules/');
}
