import type { ConfigArgument, ConfigStep } from '../../native/paddle-types';
import { invalidArgument } from '../../validate';
import { type ConfigReading, readConfig } from './read';

/** A model in memory. */
export interface ModelBytes {
  readonly program: Uint8Array;
  readonly params: Uint8Array;
}

/** The source of a model: two files, a directory with a parameter file for each variable, or bytes. */
export type ModelSource =
  | { readonly kind: 'none' }
  | { readonly kind: 'files'; readonly program: string; readonly params: string }
  | { readonly kind: 'directory'; readonly directory: string; readonly program: string }
  | { readonly kind: 'bytes'; readonly bytes: ModelBytes };

/** Records the calls that build Paddle's own configuration, and reads values back from Paddle. */
export abstract class ConfigRecorder {
  /** @internal Calls after the model's, in order. */
  protected recorded: ConfigStep[] = [];
  /** @internal */
  protected model: ModelSource = { kind: 'none' };
  /** @internal If undefined, `isLogging` decides. */
  protected logging: boolean | undefined;
  /** @internal The file of `collectShapeRangeInfo`. */
  protected shapeFile = '';

  /** @internal The calls that build Paddle's own configuration, in order. */
  abstract steps(): readonly ConfigStep[];

  /** Whether a setting was recorded, by Paddle's C++ name. */
  has(method: string): boolean {
    return this.recorded.some((step) => step.method === method);
  }

  /** @internal */
  protected record(method: string, ...values: ConfigArgument[]): void {
    this.recorded.push({ method, arguments: values });
  }

  /** @internal The value of one of Paddle's getters. */
  protected async flag(getter: string): Promise<boolean> {
    return (await this.read()).flag(getter);
  }

  /** @internal */
  protected async number(getter: string): Promise<number> {
    return (await this.read()).number(getter);
  }

  /** @internal Builds a configuration from these settings in Paddle and reads all of it back. */
  protected read(): Promise<ConfigReading> {
    return readConfig(this.steps());
  }
}

/** Names of operators, passes or variables. */
export function checkNames(name: string, value: unknown): readonly string[] {
  const valid = Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== '');
  if (!valid) throw invalidArgument(name, 'array of non-empty strings', value);
  return [...value];
}
