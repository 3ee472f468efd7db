/** The syntax of a flag's value. */
export type FlagType =
  /** Text. */
  | 'text'
  /** An integer. */
  | 'integer'
  | 'number'
  /** Two numbers: `640 640`, or `640,640`. */
  | 'pair'
  /** `a.b=value`; may be repeated. */
  | 'list'
  /** Present or absent, or with `=True` or `=False`. */
  | 'switch';

/** A flag of `paddlelab infer`. Paddle's spelling is the same, with underscores. */
export interface Flag {
  /** In paddlelab's spelling, `model-dir`. */
  readonly name: string;
  readonly type: FlagType;
  /** The placeholder for the value in the help. */
  readonly value?: string;
  readonly help: string;
  readonly group: FlagGroup;
  /** Other spellings in Paddle's scripts. */
  readonly also?: readonly string[];
  readonly choices?: readonly string[];
  /** Values suggested by shell completion, if other values are accepted as well. */
  readonly suggestions?: { readonly values: readonly string[]; readonly list?: boolean };
  /** A short option of PaddleClas' scripts. */
  readonly short?: string;
}

export type FlagGroup = 'Input' | 'Device and engine' | 'Prediction' | 'Output' | 'Measuring';

/** A flag of Paddle's scripts that is accepted but has no effect. */
export interface VoidFlag {
  readonly name: string;
  readonly type: FlagType;
  readonly why: string;
}

/**
 * A flag of Paddle's scripts that is not supported, or whose function is available differently; a switch is only
 * refused if on.
 */
export interface RefusedFlag {
  readonly name: string;
  readonly type: FlagType;
  /** The alternative. */
  readonly instead: string;
}

/** The values of the flags by paddlelab's names; an unset switch is absent. */
export type FlagValues = Readonly<
  Record<string, string | number | boolean | readonly [number, number] | readonly string[] | undefined>
>;
