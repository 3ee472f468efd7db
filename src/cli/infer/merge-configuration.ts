import type { ClassifierConfig } from './classifier-config';
import type { FlagValues } from './flag';

/** The configuration's values, overridden by the command line; images named in it are only examples. */
export function mergeConfiguration(flags: FlagValues, hasInputs: boolean, { values }: ClassifierConfig): FlagValues {
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
  const left = Object.entries(values).filter(([name]) => !isOverridden(name, given, values, hasInputs));
  return { ...Object.fromEntries(left), ...given };
}

/** Whether flags with other names already determine a value of the configuration, so that the two could conflict. */
function isOverridden(name: string, given: FlagValues, values: FlagValues, hasInputs: boolean): boolean {
  const has = (...names: readonly string[]): boolean => names.some((flag) => flag in given);
  switch (name) {
    case 'image-path':
      return hasInputs || has('image-file', 'image-dir', 'video-file', 'camera-id');
    case 'use-gpu':
      return has('device') || given['use-cpu'] === true;
    case 'enable-mkldnn':
      // The script itself only enables oneDNN on a CPU.
      return has('engine', 'run-mode', 'enable-mkldnn-bfloat16') || isOnGpu(given, values);
    case 'precision':
      return has('run-mode', 'enable-mkldnn-bfloat16');
    default:
      return false;
  }
}

function isOnGpu(given: FlagValues, values: FlagValues): boolean {
  if (typeof given.device === 'string') return /^gpu/i.test(given.device);
  return given['use-cpu'] !== true && (given['use-gpu'] ?? values['use-gpu']) === true;
}
