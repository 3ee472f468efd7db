import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, PaddleLabError } from '../../errors';
import { loadSharp } from '../../image/load-sharp';
import { TemporaryFolder } from '../../temporary-folder';

/** An image that came through standard input, as a file; `clear` takes it away. */
export interface InputFile {
  readonly file: string;
  clear(): Promise<void>;
}

/**
 * Reads an image from standard input; its results are called `stdin`.
 *
 * @throws PaddleLabError IMAGE_UNREADABLE
 */
export async function readStandardInput(): Promise<InputFile> {
  const pieces: Buffer[] = [];
  for await (const piece of process.stdin) pieces.push(piece as Buffer);
  const bytes = Buffer.concat(pieces);
  const folder = TemporaryFolder.create('stdin');
  const clear = () => folder.release();
  try {
    const { format } = await loadSharp()(bytes).metadata();
    const file = path.join(folder.path, `stdin.${format === 'jpeg' ? 'jpg' : format}`);
    await writeFile(file, bytes);
    return { file, clear };
  } catch (error) {
    await clear();
    throw new PaddleLabError(
      'IMAGE_UNREADABLE',
      `Expected an image on standard input but received ${bytes.length} bytes: ${messageOf(error)}`,
      { cause: error },
    );
  }
}
