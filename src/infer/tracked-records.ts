import type { ImageRecord } from '../predict/result-journal';
import type { AnyDetectionResult } from '../results';
import { trackedResult } from '../tracking/tracked-result';
import type { Tracker } from '../tracking/tracker';

/** The records of a video's frames with the objects tracked anew, which gives the same numbers each time. */
export async function* trackedRecords(
  records: AsyncIterable<ImageRecord>,
  tracker: Tracker,
): AsyncGenerator<ImageRecord, void, undefined> {
  for await (const record of records) {
    yield { ...record, result: trackedResult(tracker, record.result as AnyDetectionResult) };
  }
}
