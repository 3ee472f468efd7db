import { completeness } from './completeness';
import type { JsonObject } from './jupyter-protocol';
import type { TypeScriptSession } from './session';

/** The compiler's kinds of names that Jupyter's completers call otherwise. */
const KINDS: Record<string, string> = { var: 'variable', let: 'variable', const: 'variable', method: 'function' };

/** Replies to the requests that only inspect code. */
export class LanguageRequests {
  constructor(private readonly session: TypeScriptSession) {}

  async complete({ code, cursor_pos }: JsonObject): Promise<JsonObject> {
    const source = String(code);
    const { candidates, ...range } = await this.session.complete(source, toUnits(source, cursor_pos));
    const start = toCodePoints(source, range.start);
    const end = toCodePoints(source, range.end);
    const types = candidates.map(({ name, kind, importFrom }) => {
      // Front ends show the type as it is.
      const type = importFrom === undefined ? (KINDS[kind] ?? kind) : `from ${importFrom}`;
      return { text: name, type, start, end };
    });
    return {
      status: 'ok',
      matches: candidates.map(({ name }) => name),
      cursor_start: start,
      cursor_end: end,
      metadata: { _jupyter_types_experimental: types },
    };
  }

  async inspect({ code, cursor_pos }: JsonObject): Promise<JsonObject> {
    const source = String(code);
    const cursor = toUnits(source, cursor_pos);
    // The cursor is often behind the name, or behind the parenthesis that opens its arguments.
    const before = source.slice(0, cursor).trimEnd().replace(/\($/, '').length - 1;
    const text =
      (await this.session.inspect(source, cursor)) || (await this.session.inspect(source, Math.max(0, before)));
    return { status: 'ok', found: Boolean(text), data: text ? { 'text/plain': text } : {}, metadata: {} };
  }

  isComplete({ code }: JsonObject): Promise<JsonObject> {
    return completeness(this.session, String(code));
  }
}

/** Jupyter counts characters, JavaScript counts UTF-16 units. */
function toUnits(source: string, cursor: unknown): number {
  if (typeof cursor !== 'number') return source.length;
  return [...source].slice(0, cursor).join('').length;
}

function toCodePoints(source: string, units: number): number {
  return [...source.slice(0, units)].length;
}
