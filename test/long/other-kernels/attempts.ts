import { LANGUAGE } from './language';
import { LIFE } from './lifecycle';
import { OUTPUT } from './output';
import type { Probe } from './probe';
import { SUITE } from './suite';

export const PROBES: readonly Probe[] = [...LANGUAGE, ...SUITE, ...OUTPUT, ...LIFE];
