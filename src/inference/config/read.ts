import { PaddleLabError } from '../../errors';
import { loadBinding } from '../../native/binding';
import type { ConfigStep, NativeConfigReport } from '../../native/paddle-types';
import { type LoadedLibrary, loadLibrary } from '../library';
import { paddleMessage } from '../paddle-message';
import { configMethods } from './methods';
import { checkMethods, checkTakenUp } from './methods-check';

/** A configuration, read back from Paddle. */
export class ConfigReading {
  constructor(
    private readonly report: NativeConfigReport,
    private readonly version: string,
  ) {}

  flag(getter: string): boolean {
    return this.value(getter) === true;
  }

  number(getter: string): number {
    return Number(this.value(getter));
  }

  get summary(): string {
    return this.report.summary;
  }

  get passes(): readonly string[] {
    return this.report.passes;
  }

  get analysisPasses(): readonly string[] {
    return this.report.analysisPasses;
  }

  get passesText(): string {
    return this.report.passesText;
  }

  private value(getter: string): boolean | number {
    const value = this.report.values[getter];
    if (value !== undefined) return value;
    const failure = this.report.failures[getter];
    if (failure !== undefined) {
      throw new PaddleLabError('DEVICE_UNAVAILABLE', `Paddle ${this.version} can't tell ${getter}: ${failure}`);
    }
    throw new PaddleLabError(
      'METHOD_UNAVAILABLE',
      `Paddle ${this.version} has no Config getter ${getter}; Paddle 3 has`,
    );
  }
}

/**
 * Builds a configuration from these calls in the loaded Paddle and reads it back; no model is loaded.
 *
 * @throws PaddleLabError METHOD_UNAVAILABLE, DEVICE_UNAVAILABLE, ENGINE_UNAVAILABLE, RUNTIME_NOT_FOUND
 */
export async function readConfig(steps: readonly ConfigStep[], loaded?: LoadedLibrary): Promise<ConfigReading> {
  const library = loaded ?? (await loadLibrary());
  const { version } = library.runtime;
  checkMethods(steps, library);
  const report = await loadBinding()
    .readConfig(steps)
    .catch((error: unknown) => {
      throw refused(steps, version, error);
    });
  checkTakenUp(steps, report.values, version);
  return new ConfigReading(report, version);
}

function refused(steps: readonly ConfigStep[], version: string, error: unknown): PaddleLabError {
  const device = steps.some(({ method }) => ['gpu', 'device'].includes(configMethods.get(method)?.needs ?? 'any'));
  const message = paddleMessage(error);
  return new PaddleLabError(
    device && !/TensorRT/.test(message) ? 'DEVICE_UNAVAILABLE' : 'ENGINE_UNAVAILABLE',
    `Paddle ${version} refuses these settings: ${message}`,
    { cause: error },
  );
}
