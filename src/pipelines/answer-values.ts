import { wrong } from '../backends/open-inference/metadata';
import { RemoteError } from '../backends/open-inference/remote-error';
import type { Box } from '../results';

/** More classes than any model has. */
const mostClasses = 100_000;

/** Checked values of an answer; nothing of it is trusted. */
export class AnswerValues {
  constructor(readonly url: string) {}

  object(what: string, value: unknown): Readonly<Record<string, unknown>> {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    throw wrong(this.url, `${what} as a JSON object`, value);
  }

  list(what: string, value: unknown): readonly unknown[] {
    if (Array.isArray(value)) return value;
    throw wrong(this.url, `an array ${what}`, value);
  }

  objects(what: string, value: unknown): readonly Readonly<Record<string, unknown>>[] {
    return this.list(what, value).map((one, i) => this.object(`${what}[${i}]`, one));
  }

  text(what: string, value: unknown): string {
    if (typeof value === 'string') return value;
    throw wrong(this.url, `a text for ${what}`, value);
  }

  number(what: string, value: unknown): number {
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw wrong(this.url, `a number for ${what}`, value);
  }

  integer(what: string, value: unknown, least: number, most: number): number {
    if (Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most) return value as number;
    throw wrong(this.url, `an integer from ${least} to ${most} for ${what}`, value);
  }

  classId(what: string, value: unknown): number {
    return this.integer(what, value, 0, mostClasses);
  }

  numbers(what: string, value: unknown, count: number): readonly number[] {
    const list = this.list(what, value);
    if (list.length === count) return list.map((one) => this.number(what, one));
    throw wrong(this.url, `${count} numbers for ${what}`, value);
  }

  box(what: string, value: unknown): Box {
    return this.numbers(what, value, 4) as unknown as Box;
  }

  /** Points of an outline, three or more. */
  polygon(what: string, value: unknown): readonly (readonly [number, number])[] {
    const points = this.list(what, value).map((one) => this.numbers(what, one, 2) as unknown as [number, number]);
    if (points.length >= 3) return points;
    throw wrong(this.url, `three points or more for ${what}`, value);
  }

  /** @param reason what is wrong beyond single values */
  refuse(reason: string): RemoteError {
    return new RemoteError(this.url, reason);
  }
}
