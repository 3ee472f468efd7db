import type { OpenedTools } from '../../infer/queue/engine-cache';
import type { QueueRun } from '../../infer/queue/run-file';
import { invalidArgument } from '../../validate';
import { openInfer } from './infer-task';
import { openOcr } from './ocr-task';
import { openPipelineTask } from './pipeline-task';
import type { WorkerContext } from './worker-context';

type OpenTask = (run: QueueRun, context: WorkerContext) => Promise<OpenedTools>;

/** How workers do what commands put in the queue. */
const commands: Readonly<Record<string, OpenTask>> = { infer: openInfer, ocr: openOcr, pipeline: openPipelineTask };

/**
 * Loads what a worker needs for the slices of a run.
 *
 * @throws PaddleLabError INVALID_ARGUMENT for a task that this version does not know; those of loading
 */
export async function openTask(
  run: QueueRun,
  context: WorkerContext,
  say: (line: string) => void,
): Promise<OpenedTools> {
  const { command } = run.task as { readonly command?: unknown };
  const open = typeof command === 'string' && Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (open === undefined) throw invalidArgument('command', `one of ${Object.keys(commands).join(', ')}`, command);
  say(`run ${run.id}: ${run.images} images, paddlelab ${command as string}`);
  return open(run, context);
}
