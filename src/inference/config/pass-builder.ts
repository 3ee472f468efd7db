import type { ConfigArgument } from '../../native/paddle-types';
import { checkInteger, checkString } from '../../validate';
import type { ConfigReading } from './read';
import { checkNames } from './recorder';

/**
 * The list of optimisation passes of a configuration (`config.passBuilder()`). Paddle 2.6, 3.x; any build. Programs in
 * Paddle 3's `.json` format have passes of their own, which `deletePass` and `enableCustomPasses` change.
 *
 * @example
 * config.passBuilder().deletePass('conv_bn_fuse_pass');
 * console.log(await config.passBuilder().allPasses());
 */
export class PassBuilder {
  /** @internal Use `config.passBuilder()`. */
  constructor(
    private readonly record: (method: string, ...values: ConfigArgument[]) => void,
    private readonly read: () => Promise<ConfigReading>,
  ) {}

  /** Adds a pass at the end. */
  appendPass(name: string): void {
    this.record('AppendPass', checkString('name', name));
  }

  /**
   * Adds a pass before the one at this position. A position beyond the end is refused with INVALID_ARGUMENT once the
   * list is known.
   */
  async insertPass(index: number, name: string): Promise<void> {
    checkString('name', name);
    const { length } = await this.allPasses();
    // Paddle writes past the end of its list for an index that is too high.
    if (checkInteger('index', index, 0) > length) checkInteger('index', -1, 0);
    this.record('InsertPass', index, name);
  }

  /** Leaves a pass out. */
  deletePass(name: string): void {
    this.record('DeletePass', checkString('name', name));
  }

  /** Replaces the whole list. */
  setPasses(names: readonly string[]): void {
    checkNames('names', names);
    this.record('ClearPasses');
    for (const name of names) this.record('AppendPass', name);
  }

  /** Writes the program as a `.dot` file after each pass. */
  turnOnDebug(): void {
    this.record('TurnOnDebug');
  }

  /** Adds an analysis pass before the last one, which converts the result back into a program. */
  appendAnalysisPass(name: string): void {
    this.record('AppendAnalysisPass', checkString('name', name));
  }

  /** The passes in order, read back from Paddle. */
  async allPasses(): Promise<readonly string[]> {
    return (await this.read()).passes;
  }

  /** The analysis passes in order, read back from Paddle. */
  async analysisPasses(): Promise<readonly string[]> {
    return (await this.read()).analysisPasses;
  }

  /** The list as Paddle prints it. */
  async debugString(): Promise<string> {
    return (await this.read()).passesText;
  }
}
