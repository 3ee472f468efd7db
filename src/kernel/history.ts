import { inspectText } from '../notebook/bundle';
import type { JsonObject } from './protocol';

/** There is one session: the history is kept as long as the kernel lives. */
const SESSION = 1;

interface Entry {
  line: number;
  input: string;
  output: string | null;
}

/** What was run, for `history_request`. */
export class History {
  private readonly entries: Entry[] = [];

  add(line: number, input: string): void {
    this.entries.push({ line, input, output: null });
  }

  setOutput(value: unknown): void {
    const last = this.entries.at(-1);
    if (last !== undefined) last.output = inspectText(value);
  }

  reply(request: JsonObject): JsonObject {
    const withOutput = request.output === true;
    const history = this.select(request).map(({ line, input, output }) => [
      SESSION,
      line,
      withOutput ? [input, output] : input,
    ]);
    return { status: 'ok', history };
  }

  private select(request: JsonObject): Entry[] {
    switch (request.hist_access_type) {
      case 'range':
        return this.range(request);
      case 'search':
        return lastOf(this.search(request), request.n);
      default:
        return lastOf(this.entries, request.n);
    }
  }

  private range({ session, start, stop }: JsonObject): Entry[] {
    // Zero and below count back from the current session; there is none before.
    if (session !== undefined && session !== null && session !== 0 && session !== SESSION) return [];
    const from = typeof start === 'number' ? start : 1;
    const to = typeof stop === 'number' ? stop : Number.POSITIVE_INFINITY;
    return this.entries.filter(({ line }) => line >= from && line < to);
  }

  private search({ pattern, unique }: JsonObject): Entry[] {
    const glob = globToRegExp(typeof pattern === 'string' ? pattern : '*');
    const found = this.entries.filter(({ input }) => glob.test(input));
    if (unique !== true) return found;
    return [...new Map(found.map((entry) => [entry.input, entry])).values()];
  }
}

function lastOf(entries: readonly Entry[], count: unknown): Entry[] {
  return typeof count === 'number' ? entries.slice(Math.max(0, entries.length - count)) : [...entries];
}

function globToRegExp(glob: string): RegExp {
  const body = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^]*')
    .replaceAll('?', '[^]');
  return new RegExp(`^${body}$`);
}
