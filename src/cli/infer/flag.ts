/** How the value of a flag is written. */
export type FlagType =
  /** Text. */
  | 'text'
  /** A whole number. */
  | 'integer'
  | 'number'
  /** Two numbers: `640 640`, or `640,640`. */
  | 'pair'
  /** `a.b=value`; as often as wanted. */
  | 'list'
  /** Present or absent, or with `=True` or `=False`. */
  | 'switch';

/** A flag of `paddlelab infer`. Paddle's spelling is the same with underscores. */
export interface Flag {
  /** In our spelling, `model-dir`. */
  readonly name: string;
  readonly type: FlagType;
  /** What stands for the value in the help. */
  readonly value?: string;
  readonly help: string;
  readonly group: FlagGroup;
  /** Other spellings that Paddle's scripts have for it. */
  readonly also?: readonly string[];
  readonly choices?: readonly string[];
  /** Values that shells offer where others are taken as well. */
  readonly suggestions?: { readonly values: readonly string[]; readonly list?: boolean };
  /** A letter of PaddleClas's scripts. */
  readonly short?: string;
}

export type FlagGroup = 'Input' | 'Device and engine' | 'Prediction' | 'Output' | 'Measuring';

/** A flag that Paddle's scripts take and that changes nothing here. */
export interface VoidFlag {
  readonly name: string;
  readonly type: FlagType;
  readonly why: string;
}

/** A flag of Paddle's scripts that wants what can't be done, or is done otherwise; a switch only where it is on. */
export interface RefusedFlag {
  readonly name: string;
  readonly type: FlagType;
  /** What to do instead. */
  readonly instead: string;
}

/** The flags with their values, by our names; a switch that was not given is absent. */
export type FlagValues = Readonly<
  Record<string, string | number | boolean | readonly [number, number] | readonly string[] | undefined>
>;
