import path from 'node:path';
import { createInterface } from 'node:readline';
import { unwritable } from '../files/atomic-file';
import { createReadStream, type FileHandle, mkdir, open, rm } from '../files/fs';
import { keepFrames, temporaryBeside } from '../files/temporaries';
import type { ImageRecord } from '../predict/result-journal';
import type { FrameRecords } from './frame-records';

/**
 * The records of a video's frames, on disk until all summary files are written, because a camera may run for days. The
 * file is in the folder of results, which has enough space, and is deleted on close unless it is kept.
 */
export class FrameSpool implements FrameRecords {
  private added = 0;

  private constructor(
    private readonly path: string,
    private readonly handle: FileHandle,
  ) {}

  /** @throws PaddleLabError FILE_UNWRITABLE */
  static async open(folder: string): Promise<FrameSpool> {
    const file = temporaryBeside(path.join(folder, 'frames.jsonl'), 'frames');
    try {
      await mkdir(folder, { recursive: true });
      return new FrameSpool(file, await open(file, 'w'));
    } catch (error) {
      throw unwritable(file, error);
    }
  }

  /** Number of frames in it. */
  get count(): number {
    return this.added;
  }

  /** @throws PaddleLabError FILE_UNWRITABLE */
  async add(record: ImageRecord): Promise<void> {
    try {
      await this.handle.appendFile(`${JSON.stringify(record)}\n`);
      this.added++;
    } catch (error) {
      throw unwritable(this.path, error);
    }
  }

  /** The records in the order of adding, one at a time. */
  async *records(): AsyncGenerator<ImageRecord, void, undefined> {
    const input = createReadStream(this.path);
    let left = this.added;
    try {
      for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
        // After the last record there may be a partial one that did not fit on the disk.
        if (left-- === 0) return;
        yield JSON.parse(line) as ImageRecord;
      }
    } finally {
      input.destroy();
    }
  }

  async close(): Promise<void> {
    await this.handle.close();
    await rm(this.path, { force: true });
  }

  /** Closes and keeps it; returns the name of the file. */
  async keep(): Promise<string> {
    await this.handle.close();
    return keepFrames(this.path);
  }
}
