// Runs one predictor for a session in another process: a crash inside Paddle ends only this process.
import { messageOf, PaddleLabError } from '../../errors';
import { openPaddle } from '../paddle/paddle';
import type { PaddleSession } from '../paddle/session';
import type { ProcessReply, ProcessRequest } from './process-protocol';

let session: PaddleSession | undefined;

async function answer(request: ProcessRequest): Promise<ProcessReply> {
  if (request.kind === 'open') {
    session = await openPaddle(request.options, request.model, { trial: false });
    const { info, inputs, outputNames } = session;
    return { kind: 'opened', info, inputs, outputNames };
  }
  if (session === undefined) throw new Error('No session was opened');
  if (request.kind === 'run') return { kind: 'ran', outputs: await session.run(request.inputs) };
  return { kind: 'timed', milliseconds: await session.timeRuns(request.inputs, request.options) };
}

process.on('message', (request: ProcessRequest) => {
  answer(request)
    .catch((error: unknown): ProcessReply => {
      const code = error instanceof PaddleLabError ? error.code : 'PREDICTOR_RUN_FAILED';
      return { kind: 'error', code, message: messageOf(error) };
    })
    .then((reply) => process.send?.(reply));
});
// Ctrl-C is sent to all processes of a terminal; the parent decides when this one ends.
process.on('SIGINT', () => undefined);
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
