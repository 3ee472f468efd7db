import type { ImageRecord } from '../../predict/result-journal';
import { motLines } from '../../tracking/mot-text';
import { lineSummary } from './line-summary';
import type { Summary } from './summary';

/**
 * `mot.txt`: the tracked objects of a video in MOTChallenge's format, frames from 1. Where each class has ids of its own, as
 * with ByteTrack, the eighth column is the class.
 */
export const motSummary: Summary = lineSummary('mot.txt', lines);

async function* lines(records: AsyncIterable<ImageRecord>): AsyncGenerator<string> {
  for await (const { frame = 0, result } of records) {
    if (result.detections === undefined) continue;
    const classes = 'tracker' in result && result.tracker === 'bytetrack' && result.labels.length > 1;
    for (const line of motLines(result.detections, frame, classes)) yield `${line}\n`;
  }
}
