import { ProgressReader, type RunProgress } from '../../infer/progress/read-progress';
import { pause } from '../../infer/queue/pause';
import { throwIfAborted } from '../../validate';
import { sharedBar } from '../infer/console/shared-bar';

const lookMs = 1000;

/**
 * Waits until all shards in some folders have ended, also those that have not begun, and shows how far they are.
 *
 * @throws PaddleLabError ABORTED
 */
export async function watchShards(folders: readonly string[], quiet: boolean, signal: AbortSignal): Promise<void> {
  const reader = new ProgressReader(folders);
  const bar = sharedBar();
  const opened = quiet ? undefined : bar.open();
  try {
    for (;;) {
      const progress = await reader.look();
      throwIfAborted(signal);
      if (progress.images > 0 && !quiet) bar.report({ ...progress, who: shardsText(progress) });
      if (progress.parts > 0 && progress.ended === progress.parts) return;
      await pause(lookMs, signal);
    }
  } finally {
    opened?.stop();
  }
}

function shardsText({ parts, ended, active }: RunProgress): string {
  return `${ended} of ${parts} shard${parts === 1 ? '' : 's'} ended, ${active} at work`;
}
