import type { OrphanGuard } from '../../processes/orphan-guard';
import { nodeChannel } from '../../processes/worker-channel';
import { type WorkerFailure, WorkerProcess } from '../../processes/worker-process';
import type { TimeRequest, TrialReply, TrialRequest } from './trial-protocol';

/** A process that creates one predictor and runs it once; on request it then measures it. */
export type TrialProcess = WorkerProcess<TrialRequest | TimeRequest, TrialReply>;

/** The outcome of a step of a trial; nothing is thrown. */
export type TrialOutcome = TrialReply | WorkerFailure;

/** @param guard pauses the process between requests */
export function startTrial(guard?: OrphanGuard): TrialProcess {
  return new WorkerProcess(nodeChannel('inference/engine-trial/child.js'), { pauseWith: guard });
}
