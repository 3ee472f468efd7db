import { writeAtomically } from '../../files/atomic-file';
import { type FileHandle, open } from '../../files/fs';

/** Writes a file of lines as they are produced; the file is only created when complete. */
export function writeLines(file: string, lines: AsyncIterable<string>): Promise<void> {
  return writeAtomically(file, async (temporary) => {
    const handle = await open(temporary, 'w');
    try {
      await writeAll(handle, lines);
    } finally {
      await handle.close();
    }
  });
}

/** Buffered, so that many small lines need few writes. */
async function writeAll(handle: FileHandle, lines: AsyncIterable<string>): Promise<void> {
  let piece = '';
  for await (const line of lines) {
    piece += line;
    if (piece.length < 65_536) continue;
    await handle.write(piece);
    piece = '';
  }
  await handle.write(piece);
}
