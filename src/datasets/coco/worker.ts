// The thread that parses large files in COCO's format.
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf, PaddleLabError } from '../../errors';
import { type PackedCoco, packCoco } from './pack';

/** What the thread gets. */
export interface PackRequest {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** What it answers with: the content, or the message of a fault. */
export type PackReply =
  | { readonly kind: 'packed'; readonly content: PackedCoco }
  | { readonly kind: 'invalid'; readonly message: string };

function reply({ file, bytes }: PackRequest): PackReply {
  try {
    return { kind: 'packed', content: packCoco(file, bytes) };
  } catch (error) {
    const message = error instanceof PaddleLabError ? error.message : `Could not read ${file}: ${messageOf(error)}`;
    return { kind: 'invalid', message };
  }
}

if (parentPort !== null && workerData !== null) {
  const answer = reply(workerData as PackRequest);
  const { buffer } = answer.kind === 'packed' ? answer.content.bodies : {};
  parentPort.postMessage(answer, buffer instanceof ArrayBuffer ? [buffer] : []);
}
