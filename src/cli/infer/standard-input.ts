import path from 'node:path';
import { PaddleLabError } from '../../errors';
import { writeFile } from '../../files/fs';
import { formatOf, reasonAgainst } from '../../image/formats';
import { TemporaryFolder } from '../../temporary-folder';

/** An image from standard input, as a file; `clear` deletes it. */
export interface InputFile {
  readonly file: string;
  clear(): Promise<void>;
}

/**
 * Reads an image from standard input; its results are named `stdin`.
 *
 * @throws PaddleLabError IMAGE_UNREADABLE
 */
export async function readStandardInput(): Promise<InputFile> {
  const pieces: Buffer[] = [];
  for await (const piece of process.stdin) pieces.push(piece as Buffer);
  const bytes = Buffer.concat(pieces);
  const format = formatOf(bytes);
  if (format === undefined || format.reader === 'none') {
    const reason = bytes.length === 0 ? 'it is empty' : reasonAgainst(format);
    throw new PaddleLabError('IMAGE_UNREADABLE', `Can't decode the image on standard input: ${reason}`);
  }
  const folder = TemporaryFolder.create('stdin');
  const file = path.join(folder.path, `stdin${format.ending}`);
  const clear = () => folder.release();
  try {
    await writeFile(file, bytes);
    return { file, clear };
  } catch (error) {
    await clear();
    throw error;
  }
}
