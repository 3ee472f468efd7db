import path from 'node:path';
import { refuseReplacing } from '../files/replacing';
import { canResume, type ImageRecord, Journal, type JournalName, recordKey } from '../predict/result-journal';
import type { PredictResult } from '../results';
import type { FrameRecords } from './frame-records';

const choices = {
  existing: '--overwrite to start over, --resume to continue an interrupted run, or another --output-dir',
  own: 'another --output-dir',
};

const nameOf = (video: string): JournalName => `.paddlelab-video-${path.basename(video)}.jsonl`;

/** Whether a folder has a run over a video that can be resumed. */
export function canResumeVideo(folder: string, video: string): Promise<boolean> {
  return canResume(folder, nameOf(video));
}

/** The predictions on a video file's frames, on disk, so that a run that was interrupted or killed can be resumed. */
export class FrameJournal implements FrameRecords {
  private added = 0;

  private constructor(
    private readonly path: string,
    private readonly video: string,
    private readonly journal: Journal,
  ) {}

  /**
   * @param video the full path of the video
   * @param settings what must be the same to resume
   * @throws PaddleLabError FILE_UNWRITABLE (a run can be resumed, but `existing` refuses that), INVALID_ARGUMENT
   */
  static async open(
    folder: string,
    video: string,
    settings: object,
    existing: 'refuse' | 'overwrite' | 'resume',
  ): Promise<FrameJournal> {
    const name = nameOf(video);
    const file = path.join(folder, name);
    await refuseReplacing([file], [], existing !== 'refuse', choices);
    const before = existing === 'resume' ? await Journal.resume(folder, name, settings) : undefined;
    return new FrameJournal(file, video, before ?? (await Journal.create(folder, name, settings)));
  }

  get count(): number {
    return this.added;
  }

  /** The prediction on a frame, if an earlier run has it. */
  async predicted(frame: number): Promise<PredictResult | undefined> {
    for await (const { result } of this.journal.read([this.key(frame)])) return result;
    return undefined;
  }

  async add(record: ImageRecord): Promise<void> {
    if (!this.journal.has(recordKey(record))) await this.journal.add(record);
    this.added++;
  }

  records(): AsyncGenerator<ImageRecord, void, undefined> {
    return this.journal.read(Array.from({ length: this.added }, (_, frame) => this.key(frame)));
  }

  /** It stays, like that of a run over images. */
  async close(): Promise<void> {}

  async keep(): Promise<string> {
    return this.path;
  }

  private key(frame: number): string {
    return recordKey({ file: this.video, frame });
  }
}
