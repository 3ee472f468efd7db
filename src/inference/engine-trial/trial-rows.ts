import type { Engine } from '../engine';
import type { Verdict } from './verdict';

/** One engine's outcome in a trial. */
export type EngineTrialRow =
  /** Runs the model and agrees with the baseline; `bestMs` is the fastest of a few runs. */
  | { readonly engine: Engine; readonly outcome: 'measured'; readonly bestMs: number }
  | {
      readonly engine: Engine;
      /**
       * Why it is not used: not in this Paddle or not for this model, refused, crashed, a result that differs from the
       * baseline's, or (`unproven`) a result without anything to compare it with.
       */
      readonly outcome: 'unavailable' | 'fails' | 'crashes' | 'hangs' | `disagrees with ${Engine}` | 'unproven';
      readonly reason: string;
    };

export type MeasuredTrialRow = Extract<EngineTrialRow, { outcome: 'measured' }>;

export function isMeasured(row: EngineTrialRow): row is MeasuredTrialRow {
  return row.outcome === 'measured';
}

/** The row for a verdict other than "sound". */
export function problemOf(verdict: Verdict): Omit<Exclude<EngineTrialRow, { outcome: 'measured' }>, 'engine'> {
  if (verdict.kind === 'crashed') return { outcome: 'crashes', reason: verdict.reason };
  if (verdict.kind === 'hung') return { outcome: 'hangs', reason: `no result in ${verdict.seconds} s` };
  if (verdict.kind === 'sound') throw new Error('A sound engine is no problem');
  const reason = firstLine(verdict.message);
  if (verdict.code === 'ENGINE_UNAVAILABLE') return { outcome: 'unavailable', reason };
  return { outcome: 'fails', reason: `${verdict.stage}: ${reason}` };
}

/** Paddle's error texts end in a native stack trace. */
function firstLine(message: string): string {
  const line = message.split('\n').find((candidate) => candidate.trim() !== '') ?? '';
  return line.length > 240 ? `${line.slice(0, 237)}...` : line.trim();
}

/** "fastest of openvino 5.8 ms, onednn 40 ms, plain 61 ms", "plain 40 ms; onednn crashes, openvino unavailable". */
export function describeRows(rows: readonly EngineTrialRow[]): string {
  const measured = rows.filter(isMeasured).map(({ engine, bestMs }) => `${engine} ${show(bestMs)}`);
  const others = rows.filter((row) => !isMeasured(row)).map(({ engine, outcome }) => `${engine} ${outcome}`);
  const first = `${measured.length > 1 ? 'fastest of ' : ''}${measured.join(', ')}`;
  return [first, others.join(', ')].filter((part) => part !== '').join('; ');
}

function show(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}
