// Tries one engine with one model in a separate process, so that a crash ends only this process.
import { messageOf, PaddleLabError } from '../../errors';
import { writeFileSync } from '../../files/fs';
import { loadBinding } from '../../native/binding';
import type { NativePredictor } from '../../native/paddle-types';
import { loadLibrary } from '../library';
import { refuseMissingOnednn } from '../missing-onednn';
import { sampleTensor } from './agreement';
import type { TimeRequest, TrialFailure, TrialReply, TrialRequest } from './trial-protocol';

let stage: TrialFailure['stage'] = 'load';
let predictor: NativePredictor | undefined;
let request: TrialRequest | undefined;

async function prepare(asked: TrialRequest): Promise<TrialReply> {
  request = asked;
  const { runtime } = await loadLibrary(asked.runtime);
  stage = 'create';
  predictor = new (loadBinding().Predictor)();
  refuseMissingOnednn(asked.steps, await predictor.create(asked.steps), runtime.version);
  if (asked.inputs === undefined) return { kind: 'ready', outputs: [] };
  stage = 'run';
  const outputs = await predictor.run(asked.inputs);
  return { kind: 'ready', outputs: outputs.map(sampleTensor) };
}

async function time({ runs, maxMs }: TimeRequest): Promise<TrialReply> {
  const took = (await predictor?.time([request?.inputs ?? []], 0, runs, maxMs)) ?? [];
  return { kind: 'timed', bestMs: Math.min(...took) };
}

function toFailure(error: unknown): TrialFailure {
  const code = error instanceof PaddleLabError ? error.code : undefined;
  return { kind: 'failed', stage, code, message: messageOf(error) };
}

/** If a model needs more memory than is available, this process should be killed and no other. */
function volunteerForLackOfMemory(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // Some sandboxes don't allow this; then the Linux kernel chooses by size alone.
  }
}

volunteerForLackOfMemory();
process.on('message', (message: TrialRequest | TimeRequest) => {
  const work = 'kind' in message ? time(message) : prepare(message);
  work.catch(toFailure).then((reply) => process.send?.(reply));
});
// The parent has its result, or is gone; Paddle's own clean-up is not needed.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
