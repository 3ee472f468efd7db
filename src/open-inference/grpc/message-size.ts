import type { Reader } from 'protobufjs';

/** Networks have few inputs and outputs, and servers not many models. */
const mostFields = 10_000;

/** A message of which much more memory would be made than it has bytes. */
export class MessageTooLarge extends Error {}

/** What a message may have beside its raw contents: names, shapes, elements, of which objects are made. */
export const largestRequestRest: number = 16 * 2 ** 20;
export const largestAnswerRest: number = 64 * 2 ** 20;

/**
 * Looks through a message before objects are made of it.
 *
 * @param rawField the number of its field with raw contents, which stay as they are
 * @throws MessageTooLarge; RangeError and others if it is damaged
 */
export function measureMessage(reader: Reader, rawField: number | undefined, largestRest: number): void {
  let rest = 0;
  let fields = 0;
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const tag = reader.uint32();
    reader.skipType(tag & 7);
    if (tag >>> 3 !== rawField) rest += reader.pos - start;
    if (++fields > mostFields) throw new MessageTooLarge(`more than ${mostFields} tensors or other parts`);
  }
  if (rest > largestRest) {
    throw new MessageTooLarge(
      `${rest} bytes beside raw contents, but at most ${largestRest} are read; send raw contents`,
    );
  }
}
