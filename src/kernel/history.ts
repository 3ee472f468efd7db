import { inspectText } from '../notebook/inspect-text';
import { type HistoryEntry, HistoryFile } from './history-file';
import type { JsonObject } from './jupyter-protocol';

/** The history for `history_request`: of this kernel, and of earlier ones. */
export class History {
  private entries: HistoryEntry[] | undefined;
  private session = 1;

  constructor(private readonly file: HistoryFile = new HistoryFile()) {}

  add(line: number, input: string): void {
    const entries = this.load();
    const entry = { session: this.session, line, input, output: null };
    entries.push(entry);
    this.file.append(entry);
  }

  setOutput(value: unknown): void {
    const last = this.entries?.at(-1);
    if (last !== undefined) last.output = inspectText(value);
  }

  reply(request: JsonObject): JsonObject {
    const withOutput = request.output === true;
    const history = this.select(request).map(({ session, line, input, output }) => [
      session,
      line,
      withOutput ? [input, output] : input,
    ]);
    return { status: 'ok', history };
  }

  /** Reads the file on first use, and starts a session with a number that is not used yet. */
  private load(): HistoryEntry[] {
    if (this.entries === undefined) {
      this.entries = this.file.read();
      this.session = this.entries.reduce((last, { session }) => Math.max(last, session), 0) + 1;
    }
    return this.entries;
  }

  private select(request: JsonObject): HistoryEntry[] {
    switch (request.hist_access_type) {
      case 'range':
        return this.range(request);
      case 'search':
        return lastOf(this.search(request), request.n);
      default:
        return lastOf(this.load(), request.n);
    }
  }

  private range({ session, start, stop }: JsonObject): HistoryEntry[] {
    const entries = this.load();
    // Zero and below count back from this session.
    const asked = typeof session === 'number' ? session : 0;
    const wanted = asked > 0 ? asked : this.session + asked;
    const from = typeof start === 'number' ? start : 1;
    const to = typeof stop === 'number' ? stop : Number.POSITIVE_INFINITY;
    return entries.filter((entry) => entry.session === wanted && entry.line >= from && entry.line < to);
  }

  private search({ pattern, unique }: JsonObject): HistoryEntry[] {
    const glob = globToRegExp(typeof pattern === 'string' ? pattern : '*');
    const found = this.load().filter(({ input }) => glob.test(input));
    if (unique !== true) return found;
    return [...new Map(found.map((entry) => [entry.input, entry])).values()];
  }
}

function lastOf(entries: readonly HistoryEntry[], count: unknown): HistoryEntry[] {
  return typeof count === 'number' ? entries.slice(Math.max(0, entries.length - count)) : [...entries];
}

function globToRegExp(glob: string): RegExp {
  const body = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^]*')
    .replaceAll('?', '[^]');
  return new RegExp(`^${body}$`);
}
