import { PaddleLabError } from '../../errors';
import type { ConfigStep } from '../../native/paddle-types';
import { type Engine, engines, fitsFormat } from '../engine';
import { engineOfSteps, stepsWithEngine } from './engine-steps';
import { guessedSides, guessInputs, leavesSizesOpen } from './made-up-inputs';
import type { TrialModel } from './trial-model';
import type { TrialInput } from './trial-protocol';
import { type Verdict, verdictOn } from './verdict';

/**
 * Refuses settings that would crash this process with the model, by trying them in another process first. Settings that
 * Paddle refuses with an error pass, because Paddle reports that error itself.
 *
 * @throws PaddleLabError ENGINE_UNAVAILABLE, MODEL_DAMAGED, MODEL_UNSUPPORTED (too little memory), ABORTED
 */
export async function refuseCrash(
  trialModel: TrialModel,
  steps: readonly ConfigStep[],
  options: { readonly inputs?: readonly TrialInput[]; readonly signal?: AbortSignal } = {},
): Promise<void> {
  const { inputs, verdict } = await tryInputs(trialModel, steps, options);
  if (verdict.kind !== 'crashed' && verdict.kind !== 'hung') return;
  const engine = engineOfSteps(steps);
  const working: Engine[] = [];
  for (const other of otherEngines(engine, trialModel)) {
    const { kind } = await verdictOn(trialModel, stepsWithEngine(steps, other), inputs, options.signal);
    if (kind === 'sound') working.push(other);
  }
  throw crashError(trialModel, engine, verdict, working);
}

/** A crash on guessed sizes may be caused by the guess, so it counts only if other engines crash as well. */
async function tryInputs(
  trialModel: TrialModel,
  steps: readonly ConfigStep[],
  options: { readonly inputs?: readonly TrialInput[]; readonly signal?: AbortSignal },
): Promise<{ inputs: readonly TrialInput[] | undefined; verdict: Verdict }> {
  const declared = trialModel.outline.inputs;
  const sides = options.inputs === undefined && leavesSizesOpen(declared) ? guessedSides : guessedSides.slice(0, 1);
  for (const [i, side] of sides.entries()) {
    const inputs = options.inputs ?? guessInputs(declared, side);
    const verdict = await verdictOn(trialModel, steps, inputs, options.signal);
    if (verdict.kind !== 'crashed' || i === sides.length - 1) return { inputs, verdict };
  }
  throw new Error('No sizes to try');
}

function otherEngines(engine: Engine, { format, library }: TrialModel): Engine[] {
  const openvino = format === 'pdmodel' && library.configMethods.has('EnableOpenVINOEngine');
  return engines.filter((other) => other !== engine && fitsFormat(other, format) && (other !== 'openvino' || openvino));
}

const shortOfMemory =
  'free memory or use a machine with more; trial: false loads it anyway, but may crash this process';

export function crashError(
  { program, library }: Pick<TrialModel, 'program' | 'library'>,
  engine: Engine,
  verdict: Extract<Verdict, { kind: 'crashed' | 'hung' }>,
  working: readonly Engine[],
): PaddleLabError {
  const paddle = `Paddle ${library.runtime.version}`;
  const what = verdict.kind === 'crashed' ? `crashes: ${verdict.reason}` : `gives no result in ${verdict.seconds} s`;
  if (working.length === 0) {
    const short = verdict.kind === 'crashed' && verdict.reason.includes('out of memory');
    return new PaddleLabError(
      short ? 'MODEL_UNSUPPORTED' : 'MODEL_DAMAGED',
      `Expected a model that ${paddle} can run in ${program}, but when tried in a separate process it ${what}, and no ` +
        `other engine runs it either; ${short ? shortOfMemory : 'export or copy the model again'}`,
    );
  }
  const names = working.map((name) => `"${name}"`).join(' and ');
  return new PaddleLabError(
    'ENGINE_UNAVAILABLE',
    `Engine "${engine}" of ${paddle} can't run ${program}: when tried in a separate process it ${what}. ` +
      `For this model ${names} ${working.length === 1 ? 'works' : 'work'}; use engine: "${working[0]}" or "auto"`,
  );
}
