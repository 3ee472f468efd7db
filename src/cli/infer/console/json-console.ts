import { say } from '../../print';
import type { RunConsole } from './console';

/** One JSON line per image on standard output, for programs; failures are lines with an `error`. */
export function jsonConsole(): RunConsole {
  const print = (value: object) => say(JSON.stringify(value));
  return {
    begin: () => undefined,
    event: (event, shown) => {
      const { file } = event.image;
      if (event.kind === 'done') print({ file, ...shown, written: event.record.written });
      if (event.kind === 'failed') print({ file, error: { code: event.error.code, message: event.error.message } });
    },
    end: () => undefined,
    close: () => undefined,
  };
}
