import { PaddleLabError } from '../../errors';
import { type CollectedRun, collectShards } from '../../infer/shards/collect-shards';
import { mergeShards } from '../../infer/shards/merge-shards';
import { refuse } from '../infer/refuse';
import { interruptible } from '../interruptible';
import { jsonMergeConsole, mergeConsole } from './merge-console';
import { watchShards } from './watch-shards';

/** A command line of `paddlelab merge`, checked. */
export interface MergeRequest {
  readonly folders: readonly string[];
  readonly outputDir: string | undefined;
  readonly partial: boolean;
  /** Whether shards that have not ended are waited for. */
  readonly watch: boolean;
  readonly overwrite: boolean;
  readonly json: boolean;
}

const exitSomeFailed = 3;
const exitAllFailed = 1;
const interrupted = 'The shards are as they were; run the same command with --overwrite to start over.';

/** Runs a command line of `paddlelab merge`; returns the exit code. */
export async function runMerge(request: MergeRequest): Promise<number> {
  const { folders, partial, watch, overwrite, json } = request;
  const folder = request.outputDir ?? folders[0];
  if (folder === undefined || (request.outputDir === undefined && folders.length > 1)) {
    throw refuse('Expected --output-dir for the joined results of several folders');
  }
  return interruptible(
    async (signal) => {
      if (watch) await watchShards(folders, json, signal);
      const run = await collectShards(folders);
      if (!partial) refuseMissing(run);
      const output = json ? jsonMergeConsole(run) : mergeConsole(run, folder);
      try {
        output.begin();
        const files = await mergeShards(run, { folder, overwrite, signal, onImage: output.image });
        output.end(files);
        return exitCodeOf(run);
      } finally {
        output.close();
      }
    },
    () => interrupted,
  );
}

/** Above this number of shards only the count is given. */
const mostNamed = 20;

/** Results without them would look complete. */
function refuseMissing({ missing, images, missingImages }: CollectedRun): void {
  if (missing.length === 0) return;
  const more = missing.length > mostNamed ? `; and ${missing.length - mostNamed} more` : '';
  const text =
    `Missing ${missingImages} of ${images} images: ${missing.slice(0, mostNamed).join('; ')}${more}. ` +
    'Run those shards again with --resume, or name their folders; --partial joins the others';
  throw new PaddleLabError('FILE_NOT_FOUND', text);
}

function exitCodeOf({ done, failed, missingImages }: CollectedRun): number {
  if (failed.length + missingImages === 0) return 0;
  return done.length === 0 ? exitAllFailed : exitSomeFailed;
}
