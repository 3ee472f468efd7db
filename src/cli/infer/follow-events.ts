import type { ImageEvent } from '../../infer/infer-images';
import type { RenamedOutput } from '../../infer/output-names';
import { resultAbove } from '../../tasks/tasks';
import { tell } from '../print';
import type { RunConsole, RunTotals } from './console/console';

const exitSomeFailed = 3;
const exitAllFailed = 1;

/** Shows the outcomes of a run as they come, and counts them. */
export async function followEvents(
  events: AsyncIterable<ImageEvent>,
  output: RunConsole,
  images: number,
  threshold: number | undefined,
): Promise<RunTotals> {
  const count = { done: 0, failed: 0, skipped: 0 };
  const started = performance.now();
  for await (const event of events) {
    count[event.kind]++;
    output.event(event, event.kind === 'done' ? resultAbove(event.record.result, threshold) : undefined);
  }
  return { images, ...count, wallMs: performance.now() - started };
}

export function exitCodeOf({ failed, done, skipped }: RunTotals): number {
  if (failed === 0) return 0;
  return done + skipped === 0 ? exitAllFailed : exitSomeFailed;
}

/** Above this number only the count is printed. */
const maxRenamed = 10;

/** The user could not find a renamed result without this message. */
export function reportRenamed(renamed: readonly RenamedOutput[]): void {
  for (const { image, alone, file } of renamed.slice(0, maxRenamed)) {
    tell(`note: the result of ${image.name} is named ${file}, because ${alone} is taken`);
  }
  const more = renamed.length - maxRenamed;
  if (more > 0) tell(`note: ${more} more results are named after the full names of their images`);
}
