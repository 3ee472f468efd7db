import type { Event } from 'js-yaml';
import { loadJsYaml } from './load-js-yaml';

/** A key of a mapping, or an index of a list. */
export type Key = string | number;

/** The line of the value at a key path, from 1; used for errors only. */
export function lineOfKeys(text: string, keys: readonly Key[]): number {
  const offset = offsetOf(text, loadJsYaml().parseEvents(text, {}), keys);
  return text.slice(0, offset).split('\n').length;
}

/** Offset of the value at a key path, or of its nearest existing parent. */
function offsetOf(text: string, events: readonly Event[], keys: readonly Key[]): number {
  const { EVENT_ID } = loadJsYaml();
  let position = 1;
  let offset = 0;
  for (const key of keys) {
    const opened = events[position];
    if (opened?.type !== EVENT_ID.MAPPING && opened?.type !== EVENT_ID.SEQUENCE) return offset;
    offset = opened.start;
    position++;
    for (let index = 0; events[position]?.type !== EVENT_ID.POP; index++) {
      const found = opened.type === EVENT_ID.SEQUENCE ? index === key : textOf(text, events[position]) === key;
      if (opened.type === EVENT_ID.MAPPING) {
        if (found) offset = startOf(events[position]) ?? offset;
        position = skip(events, position);
      }
      if (found) break;
      position = skip(events, position);
      if (position >= events.length) return offset;
    }
    offset = startOf(events[position]) ?? offset;
  }
  return offset;
}

/** The position after the node that starts here. */
function skip(events: readonly Event[], position: number): number {
  const { EVENT_ID } = loadJsYaml();
  let depth = 0;
  do {
    const type = events[position]?.type;
    if (type === EVENT_ID.MAPPING || type === EVENT_ID.SEQUENCE) depth++;
    if (type === EVENT_ID.POP) depth--;
    position++;
  } while (depth > 0 && position < events.length);
  return position;
}

function textOf(text: string, event: Event | undefined): string | undefined {
  const { EVENT_ID } = loadJsYaml();
  return event?.type === EVENT_ID.SCALAR ? text.slice(event.valueStart, event.valueEnd) : undefined;
}

function startOf(event: Event | undefined): number | undefined {
  const { EVENT_ID } = loadJsYaml();
  if (event?.type === EVENT_ID.SCALAR) return event.valueStart;
  if (event?.type === EVENT_ID.MAPPING || event?.type === EVENT_ID.SEQUENCE) return event.start;
  return undefined;
}
