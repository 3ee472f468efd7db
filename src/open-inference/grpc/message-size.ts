import type { Field, Reader, Type } from 'protobufjs';

/** A message of which much more memory would be made than it has bytes. */
export class MessageTooLarge extends Error {}

/** Most bytes of memory that are made of a message beside its raw contents, which stay where they are. */
export const largestRequest: number = 64 * 2 ** 20;
export const largestAnswer: number = 256 * 2 ** 20;

/** What an object takes at least. */
const objectBytes = 150;

/** Bytes of memory for each byte of packed elements: the shortest element has one byte, those of `float` four. */
const elementBytes: Readonly<Record<string, number>> = { int64: 56, uint64: 56, float: 4, double: 2 };
const otherElementBytes = 12;

/**
 * Looks through a message before objects are made of it: names, shapes and elements that are not raw take many times
 * their bytes.
 *
 * @throws MessageTooLarge; RangeError and others if it is damaged
 */
export function checkMessageSize(reader: Reader, type: Type, largest: number): void {
  const weigh = (one: Type, end: number, before: number): number => {
    let weight = before;
    while (reader.pos < end) {
      const tag = reader.uint32();
      const field = one.fieldsById[tag >>> 3];
      if ((tag & 7) === 2) {
        const stop = reader.uint32() + reader.pos;
        if (stop > end) throw new RangeError('a length beyond the message');
        if (isMessage(field)) weight = weigh(field.resolvedType as Type, stop, weight + objectBytes);
        else if (field !== undefined) weight += weightOf(field, stop - reader.pos);
        reader.pos = stop;
      } else {
        reader.skipType(tag & 7);
        if (field?.repeated) weight += elementBytes[field.type] ?? otherElementBytes;
      }
      if (weight > largest) throw new MessageTooLarge('too many parts or elements; send raw contents');
    }
    return weight;
  };
  weigh(type, reader.len, 0);
}

function isMessage(field: Field | undefined): field is Field {
  return field !== undefined && !field.map && field.resolvedType !== null && 'fieldsById' in field.resolvedType;
}

function weightOf({ type, map }: Field, length: number): number {
  if (type === 'bytes') return objectBytes;
  if (map || type === 'string') return objectBytes + 2 * length;
  return length * (elementBytes[type] ?? otherElementBytes);
}
