import { PaddleLabError } from '../errors';
import type { ConfigStep, NativePredictorInfo } from '../native/paddle-types';

/**
 * Refuses a predictor that was asked to use oneDNN but does not have it: a Paddle built without oneDNN only prints a line
 * and uses its plain kernels. It can only be seen of a created predictor.
 *
 * @throws PaddleLabError ENGINE_UNAVAILABLE
 */
export function refuseMissingOnednn(
  steps: readonly ConfigStep[],
  { onednn }: Pick<NativePredictorInfo, 'onednn'>,
  version: string,
): void {
  if (onednn || !asksForOnednn(steps)) return;
  throw new PaddleLabError(
    'ENGINE_UNAVAILABLE',
    `Paddle ${version} of this runtime was built without oneDNN (its builds for arm64 are); use engine: "plain"`,
  );
}

function asksForOnednn(steps: readonly ConfigStep[]): boolean {
  const methods = steps
    .map(({ method }) => method)
    .filter((method) => /^(Enable|Disable)ONEDNN$|^EnableUseGpu$/.test(method));
  return methods.at(-1) === 'EnableONEDNN' && !methods.includes('EnableUseGpu');
}
