import { PaddleLabError } from '../../errors';
import { nearest } from '../../validate';
import { backend } from './backend';
import { bench } from './bench';
import { logs } from './logs';
import { lsmagic } from './lsmagic';
import type { Magic } from './magic';
import { reset } from './reset';
import { runtime } from './runtime';
import { time } from './time';
import { typescript } from './typescript';

/** One file each. */
export const MAGICS: readonly Magic[] = [backend, runtime, reset, typescript, time, bench, logs, lsmagic];

/** The magic with a name; an error names the nearest one. */
export function findMagic(kind: Magic['kind'], name: string): Magic {
  const magic = MAGICS.find((candidate) => candidate.kind === kind && candidate.name === name);
  if (magic !== undefined) return magic;
  const sign = kind === 'cell' ? '%%' : '%';
  const near = nearest(
    name,
    MAGICS.map((candidate) => candidate.name),
  );
  const known = MAGICS.find((candidate) => candidate.name === near);
  const hint = known === undefined ? '%lsmagic lists what there is' : `did you mean "${known.usage}"?`;
  throw new PaddleLabError('INVALID_ARGUMENT', `Unknown magic "${sign}${name}"; ${hint}`);
}
