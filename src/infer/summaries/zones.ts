import path from 'node:path';
import { writeAtomically } from '../../files/atomic-file';
import { writeFile } from '../../files/fs';
import type { ImageRecord } from '../../predict/result-journal';
import { createZone } from '../../zones/create-zone';
import type { ZoneShape } from '../../zones/zone-shape';
import type { Summary } from './summary';

/** A zone in which tracked objects are counted. */
export interface NamedZone {
  readonly name: string;
  readonly shape: ZoneShape;
}

/** `counts.json`: the counts of each zone, and how long each object stayed in a polygon; of all tracked objects. */
export function zoneSummary(zones: readonly NamedZone[]): Summary {
  return {
    files: ['counts.json'],
    refuses: () => undefined,
    async write(records, { folder }) {
      const file = path.join(folder, 'counts.json');
      const counted = await countAll(records(), zones);
      await writeAtomically(file, (temporary) => writeFile(temporary, `${JSON.stringify(counted, undefined, 2)}\n`));
      return [file];
    },
  };
}

async function countAll(records: AsyncIterable<ImageRecord>, zones: readonly NamedZone[]): Promise<object[]> {
  let counters: ReturnType<typeof createZone>[] = [];
  for await (const { time, result } of records) {
    // ByteTrack numbers the objects of each class by themselves.
    const idsPerClass = 'tracker' in result && result.tracker === 'bytetrack';
    if (counters.length === 0) counters = zones.map(({ name, shape }) => createZone(shape, { name, idsPerClass }));
    const seconds = time === undefined ? {} : { seconds: time };
    for (const counter of counters) counter.update(result.detections ?? [], seconds);
  }
  if (counters.length === 0) counters = zones.map(({ name, shape }) => createZone(shape, { name }));
  return counters.map((counter) => {
    const { name, shape, counts } = counter;
    return { name, ...shape, ...counts, ...('stays' in counter ? { stays: counter.stays } : {}) };
  });
}
