import { checkBoolean, checkInteger, checkString, invalidArgument } from '../../validate';
import { PassBuilder } from './pass-builder';
import { ConfigRecorder, checkNames } from './recorder';

/** Optimisation passes, memory and log. */
export abstract class OptimisationSettings extends ConfigRecorder {
  /** Turns the passes that optimise the program on (Paddle's default) or off. Paddle 2.6, 3.x; any build. */
  switchIrOptim(enabled = true): void {
    this.record('SwitchIrOptim', checkBoolean('enabled', enabled) ? 1 : 0);
  }

  /** Whether the passes run, read back from Paddle. */
  irOptim(): Promise<boolean> {
    return this.flag('ir_optim');
  }

  /**
   * Writes the program as a `.dot` file after each pass, or only after the named ones (Paddle 3.x only), into the
   * folder of `setOptimCacheDir` or the working directory. `.pdmodel` programs. Paddle 2.6, 3.x; any build.
   */
  switchIrDebug(enabled = true, passes: readonly string[] = []): void {
    const flag = checkBoolean('enabled', enabled) ? 1 : 0;
    if (passes.length === 0) this.record('SwitchIrDebug', flag);
    else this.record('SwitchIrDebugPasses', flag, checkNames('passes', passes));
  }

  /** Optimisation level of the passes of `.json` programs, 0 to 4; 2 by default. Paddle 3.x; any build. */
  setOptimizationLevel(level = 2): void {
    this.record('SetOptimizationLevel', checkInteger('level', level, 0));
  }

  /** Paddle 3's program representation; `.json` programs turn it on by themselves. Paddle 3.x; any build. */
  enableNewIr(enabled = true): void {
    this.record('EnableNewIR', checkBoolean('enabled', enabled));
  }

  /** Whether the new representation was turned on, read back from Paddle. Paddle 3.x. */
  newIrEnabled(): Promise<boolean> {
    return this.flag('new_ir_enabled');
  }

  /** Paddle's newer executor. Paddle 2.6, 3.x; any build. */
  enableNewExecutor(enabled = true): void {
    this.record('EnableNewExecutor', checkBoolean('enabled', enabled));
  }

  /** Adds passes to those of `.json` programs, or runs them alone. Paddle 3.x; any build. */
  enableCustomPasses(passes: readonly string[], customPassOnly = false): void {
    this.record('EnableCustomPasses', checkNames('passes', passes), checkBoolean('customPassOnly', customPassOnly));
  }

  /** The list of optimisation passes, for reading and changing; choose the device and the engine first. */
  passBuilder(): PassBuilder {
    return new PassBuilder(
      (method, ...values) => this.record(`PassBuilder.${method}`, ...values),
      () => this.read(),
    );
  }

  /** Removes one optimisation pass by name. Paddle 2.6, 3.x; any build. */
  deletePass(name: string): void {
    // Paddle 3 keeps one list for `.json` programs and the builder's for `.pdmodel`.
    this.record('DeletePass', checkString('name', name));
    this.passBuilder().deletePass(name);
  }

  /** Reuses the memory of intermediate tensors; `.pdmodel` programs only. Paddle 2.6, 3.x; any build. */
  enableMemoryOptim(enabled = true): void {
    this.record('EnableMemoryOptim', checkBoolean('enabled', enabled));
  }

  /** Whether memory is reused, read back from Paddle. */
  memoryOptimEnabled(): Promise<boolean> {
    return this.flag('memory_optim_enabled');
  }

  /** Prints how long each operator took, on stdout, when the predictor is disposed. Paddle 2.6, 3.x; any build. */
  enableProfile(): void {
    this.record('EnableProfile');
  }

  /** Enables Paddle's log on stderr, which a notebook shows after `%logs on`; off by default. */
  enableGlogInfo(): void {
    this.logging = true;
  }

  /** Keeps Paddle's log quiet (the default here). Paddle 2.6, 3.x; any build. */
  disableGlogInfo(): void {
    this.logging = false;
  }

  /** Whether the log is quiet, read back from Paddle. */
  glogInfoDisabled(): Promise<boolean> {
    return this.flag('glog_info_disabled');
  }

  /** Feeding as in Paddle 1.x; obsolete, and `true` is refused. Paddle 2.6, 3.x; any build. */
  switchUseFeedFetchOps(enabled: false): void {
    // Input handles, the only way to feed here, do not work with it.
    this.record('SwitchUseFeedFetchOps', checkFalse('enabled', enabled) ? 1 : 0);
  }

  /** Whether feed and fetch operators are used, read back from Paddle. */
  useFeedFetchOpsEnabled(): Promise<boolean> {
    return this.flag('use_feed_fetch_ops_enabled');
  }

  /** Whether inputs are matched by name; here they always are. Paddle 2.6, 3.x; any build. */
  switchSpecifyInputNames(enabled = true): void {
    this.record('SwitchSpecifyInputNames', checkBoolean('enabled', enabled));
  }

  /** Whether inputs are matched by name, read back from Paddle. */
  specifyInputName(): Promise<boolean> {
    return this.flag('specify_input_name');
  }

  /** Does not pad fully connected layers. Paddle 2.6, 3.x; any build. */
  disableFcPadding(): void {
    this.record('DisableFCPadding');
  }
}

function checkFalse(name: string, value: boolean): boolean {
  if (checkBoolean(name, value)) throw invalidArgument(name, 'false', value);
  return value;
}
