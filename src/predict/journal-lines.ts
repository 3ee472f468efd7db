import { createReadStream } from '../files/fs';

/** A complete line of a file. */
export interface JournalLine {
  readonly offset: number;
  /** In bytes, without the line feed. */
  readonly length: number;
  readonly text: string;
}

/** The complete lines of a file, one at a time; a partial one at its end is left out. */
export async function* journalLines(file: string): AsyncGenerator<JournalLine, void, undefined> {
  let offset = 0;
  let pieces: Buffer[] = [];
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let stop = chunk.indexOf(10); stop >= 0; stop = chunk.indexOf(10, start)) {
      const line = Buffer.concat([...pieces, chunk.subarray(start, stop)]);
      yield { offset, length: line.length, text: line.toString('utf8') };
      offset += line.length + 1;
      pieces = [];
      start = stop + 1;
    }
    pieces.push(chunk.subarray(start));
  }
}
