import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { create, Header } from 'tar';

/** The official form of a model: one folder `NAME_infer` with its files, not compressed. */
export async function makeArchive(folder: string, top: string, target: string): Promise<Buffer> {
  const names = readdirSync(folder);
  await create({ file: target, cwd: folder, prefix: top, portable: true }, names);
  return readFileSync(target);
}

export interface TarEntry {
  readonly path: string;
  readonly type?: 'File' | 'SymbolicLink' | 'Link' | 'CharacterDevice' | 'FIFO';
  readonly linkpath?: string;
  readonly text?: string;
  /** The size in the header, if it is not that of the text. */
  readonly claim?: number;
  readonly mode?: number;
}

/** An archive with any headers, also such that no program would write. */
export function makeTar(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap(({ path: name, type = 'File', linkpath, text = '', claim, mode = 0o644 }) => {
    const size = claim ?? text.length;
    const header = new Header({ path: name, mode, size, type, linkpath, mtime: new Date(0) });
    const block = Buffer.alloc(512);
    header.encode(block);
    const body = Buffer.alloc(Math.ceil(text.length / 512) * 512);
    body.write(text);
    return [block, body];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** Files of a folder and their content. */
export function readFolder(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  return Object.fromEntries(files.map((file) => [path.relative(folder, file), readFileSync(file, 'latin1')]));
}
