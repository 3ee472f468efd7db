import { createHash } from 'node:crypto';
import { register } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { readFileSync } from '../../files/fs';
import { versionOf } from './file-version';
import type { Versions } from './version-hook';

/**
 * The user's ES modules. An ES module can't be unloaded, but under another URL it counts as another module. So the URL
 * has a version, which changes with the file and with every user's file that it imports.
 */
export class ModuleGraph {
  private port: MessagePort | undefined;

  /** @param scan the specifiers of a JavaScript module's imports */
  constructor(private readonly scan: (text: string) => readonly string[]) {}

  /** The URL to import a file from; its imports resolve to equally recent versions. */
  address(file: string): string {
    const versions: Versions = {};
    const files = this.reachable(file);
    for (const each of files) versions[pathToFileURL(each).href] = this.versionWithImports(each);
    if (files.length > 1) this.tellLoader(versions);
    const url = pathToFileURL(file);
    url.searchParams.set('version', versions[url.href] ?? '');
    return url.href;
  }

  /** The file and its direct and indirect imports. */
  reachable(file: string): string[] {
    const found = new Set([file]);
    for (const each of found) for (const imported of this.importsOf(each)) found.add(imported);
    return [...found];
  }

  private versionWithImports(file: string): string {
    const hash = createHash('sha256');
    for (const each of this.reachable(file)) hash.update(`${each}\0${versionOf(each)}\0`);
    return hash.digest('hex').slice(0, 16);
  }

  private importsOf(file: string): string[] {
    if (!/\.[cm]?js$/.test(file)) return [];
    return this.scan(readText(file)).flatMap((specifier) => {
      if (specifier.startsWith('file:')) return [fileURLToPath(specifier)];
      return /^\.{0,2}\//.test(specifier) ? [path.resolve(path.dirname(file), specifier)] : [];
    });
  }

  /** Node resolves module imports in a separate thread, which is started on first use. */
  private tellLoader(versions: Versions): void {
    if (this.port === undefined) {
      const { port1, port2 } = new MessageChannel();
      register(pathToFileURL(path.join(__dirname, 'version-hook.js')), {
        data: port2,
        transferList: [port2],
      });
      port1.unref();
      this.port = port1;
    }
    this.port.postMessage(versions);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
