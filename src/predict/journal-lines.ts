import { createReadStream } from '../files/fs';

/** A complete line of a file. */
export interface JournalLine {
  readonly offset: number;
  /** In bytes, without the line feed. */
  readonly length: number;
  readonly text: string;
}

/**
 * The complete lines of a file, one at a time; a partial one at its end is left out.
 *
 * @param begin where the first line begins
 */
export async function* journalLines(file: string, begin = 0): AsyncGenerator<JournalLine, void, undefined> {
  let offset = begin;
  let pieces: Buffer[] = [];
  const stream = createReadStream(file, { highWaterMark: 1 << 20, start: begin });
  for await (const chunk of stream as AsyncIterable<Buffer>) {
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
