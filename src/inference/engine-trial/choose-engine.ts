import { availableParallelism } from 'node:os';
import { messageOf } from '../../errors';
import { stat } from '../../files/fs';
import type { ConfigStep } from '../../native/paddle-types';
import { OrphanGuard } from '../../processes/orphan-guard';
import { stepsOf } from '../config-steps';
import { type Engine, type EngineSettings, engines, fitsFormat, toConfig } from '../engine';
import { checkSettings } from '../settings-check';
import { agree, type SampledTensor, tellEnginesApart } from './agreement';
import { crashError } from './refuse-crash';
import { circumstancesOf, filesFor, modelFor, parameterFiles, type TrialModel } from './trial-model';
import { startTrial, type TrialOutcome, type TrialProcess } from './trial-process';
import type { TrialInput } from './trial-protocol';
import { describeRows, type EngineTrialRow, isMeasured, problemOf } from './trial-rows';
import { isLasting, keep, trialTimeoutMs, type Verdict, verdictFile, verdictOf } from './verdict';
import { cacheFileOf, readCached, writeCached } from './verdict-cache';

/** The engine that a trial chose. */
export interface ChosenEngine {
  readonly engine: Engine;
  /** The other results, for users. */
  readonly reason: string;
  readonly rows: readonly EngineTrialRow[];
}

type Problem = ReturnType<typeof problemOf>;

export interface ChooseOptions {
  readonly signal?: AbortSignal;
  /** Called with what is tried next. */
  readonly onProgress?: (text: string) => void;
}

/**
 * The baseline for the others: plain, or the first of these that runs the model. OpenVINO can't be the baseline: as a
 * separate library, it also gives results for inputs that Paddle refuses.
 */
const baselineEngines: readonly Engine[] = ['plain', 'onednn', 'onednn-fused'];

/** Engines are timed in interleaved rounds, so that a short load on the machine does not decide. */
const rounds = 5;
const runsOfRound = 30;
const timedMs = 120;
/** After `roundsForAll` rounds, engines slower than the best by `dropFactor` are dropped. */
const roundsForAll = 2;
const dropFactor = 2;
/** No more rounds begin after this time: the times of a slow model vary less. */
const raceMs = 5000;
/** Models with larger parameters are tried one engine at a time, so that they are in memory only once. */
const largeModelBytes = 256 * 2 ** 20;

/** The state of one engine in a trial. */
interface Candidate {
  readonly engine: Engine;
  readonly steps: readonly ConfigStep[];
  readonly process: TrialProcess;
  readonly prepared: Promise<TrialOutcome>;
}

/**
 * Finds the fastest engine for a model on this CPU, among those that run it without crashing and agree with the
 * baseline, in float32. The choice is cached for this model, Paddle, CPU and number of threads. Without a baseline the
 * default engine is used, and nothing is cached.
 *
 * @throws PaddleLabError MODEL_DAMAGED, ABORTED
 */
export async function chooseEngine(
  trialModel: TrialModel,
  settings: EngineSettings,
  inputs: readonly TrialInput[],
  options: ChooseOptions,
): Promise<ChosenEngine> {
  const { threads } = settings;
  const file = cacheFileOf({ ...(await circumstancesOf(trialModel, inputs)), choice: { threads, rounds, engines } });
  const known = await readCached<ChosenEngine>(file);
  if (known !== undefined) return known;
  const trial = new Trial(trialModel, settings, inputs, options);
  const chosen = await trial.run();
  if (trial.lasting) await writeCached(file, chosen);
  return chosen;
}

class Trial {
  /** Whether another trial would have the same outcome. */
  lasting = true;
  private readonly rows: EngineTrialRow[] = [];
  private readonly verdicts = new Map<Engine, Verdict>();
  private readonly processes: TrialProcess[] = [];
  private readonly guard = new OrphanGuard();
  private baseline: { readonly engine: Engine; readonly outputs: readonly SampledTensor[] } | undefined;

  constructor(
    private readonly trialModel: TrialModel,
    private readonly settings: EngineSettings,
    private readonly inputs: readonly TrialInput[],
    private readonly options: ChooseOptions,
  ) {}

  async run(): Promise<ChosenEngine> {
    try {
      const together = availableParallelism() > 1 && (await this.size()) < largeModelBytes;
      // Paddle's own engines come first, because one of them is the baseline.
      const tried = engines.filter((engine) => fitsFormat(engine, this.trialModel.format));
      const started = together ? await Promise.all(tried.map((engine) => this.start(engine))) : [];
      if (together) await Promise.all(started.map((candidate) => candidate?.prepared));
      const sound: Candidate[] = [];
      for (const [i, engine] of tried.entries()) {
        const candidate = together ? started[i] : await this.start(engine);
        if (candidate === undefined || !(await this.isSound(candidate))) continue;
        if (together) sound.push(candidate);
        else await this.race([candidate]);
      }
      await this.race(sound);
      return this.choose();
    } finally {
      for (const process of this.processes) process.end();
      this.guard.end();
    }
  }

  private async size(): Promise<number> {
    const files = await parameterFiles(this.trialModel);
    const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  private async start(engine: Engine): Promise<Candidate | undefined> {
    const { format, library } = this.trialModel;
    const { program, params } = await filesFor(modelFor(engine, this.trialModel));
    const config = toConfig(program, params, format, { ...this.settings, engine, precision: 'fp32' });
    try {
      await checkSettings(config, library, format);
    } catch (error) {
      this.rows.push({ engine, outcome: 'unavailable', reason: messageOf(error) });
      return undefined;
    }
    const steps = await stepsOf(config);
    const process = startTrial(this.guard);
    this.processes.push(process);
    const request = { runtime: library.runtime.root, steps, inputs: this.inputs };
    this.options.onProgress?.(`trying engine ${engine}`);
    return { engine, steps, process, prepared: process.ask(request, this.limits) };
  }

  /** Whether a candidate runs the model and agrees with the baseline; otherwise the reason is added as a row. */
  private async isSound({ engine, steps, process, prepared }: Candidate): Promise<boolean> {
    const first = await prepared;
    const model = modelFor(engine, this.trialModel);
    const verdict = await keep(await verdictFile(model, steps, this.inputs), first, this.options.signal);
    this.verdicts.set(engine, verdict);
    this.lasting &&= isLasting(first);
    const problem = first.kind === 'ready' ? this.contradiction(engine, first.outputs) : problemOf(verdict);
    if (problem === undefined) return true;
    this.rows.push({ engine, ...problem });
    process.end();
    return false;
  }

  /**
   * The reason why these outputs can't be accepted, if any; the first outputs of an engine that can be the baseline
   * become the baseline.
   */
  private contradiction(engine: Engine, outputs: readonly SampledTensor[]): Problem | undefined {
    const { baseline } = this;
    if (baseline === undefined) {
      if (!baselineEngines.includes(engine)) return { outcome: 'unproven', reason: 'no engine to compare it with' };
      this.baseline = { engine, outputs };
    } else if (!agree(baseline.outputs, outputs)) {
      return { outcome: `disagrees with ${baseline.engine}`, reason: `another result on the same input` };
    }
    if (tellEnginesApart(outputs)) return undefined;
    return {
      outcome: 'unproven',
      reason: 'its outputs for the generated input are constant or empty, which a wrong engine could also give',
    };
  }

  /** Times candidates in interleaved rounds and drops those that fall far behind; the fastest run of each counts. */
  private async race(candidates: readonly Candidate[]): Promise<void> {
    const best = new Map<Candidate, number>();
    const started = performance.now();
    let running = [...candidates];
    for (let round = 0; round < rounds && running.length > 0; round++) {
      if (round >= roundsForAll && performance.now() - started > raceMs) break;
      for (const candidate of running) {
        const ms = await this.time(candidate);
        if (ms !== undefined) best.set(candidate, Math.min(ms, best.get(candidate) ?? ms));
      }
      const fastest = Math.min(...best.values(), ...this.rows.filter(isMeasured).map((row) => row.bestMs));
      const limit = round + 1 < roundsForAll ? Number.MAX_VALUE : dropFactor * fastest;
      // In reverse, so that no engine always comes first.
      running = running.filter((candidate) => (best.get(candidate) ?? Number.POSITIVE_INFINITY) <= limit).reverse();
    }
    for (const [{ engine, process }, bestMs] of best) {
      process.end();
      if (!this.rows.some((row) => row.engine === engine)) this.rows.push({ engine, outcome: 'measured', bestMs });
    }
  }

  /** Undefined if the engine failed after all; the failure is added as a row. */
  private async time({ engine, process }: Candidate): Promise<number | undefined> {
    this.options.onProgress?.(`measuring engine ${engine}`);
    const timed = await process.ask({ kind: 'time', runs: runsOfRound, maxMs: timedMs }, this.limits);
    if (timed.kind === 'timed') return timed.bestMs;
    this.lasting = false;
    if (!this.rows.some((row) => row.engine === engine)) {
      this.rows.push({ engine, ...problemOf(verdictOf(timed, this.options.signal)) });
    }
    return undefined;
  }

  private choose(): ChosenEngine {
    const measured = this.rows.filter(isMeasured).sort((a, b) => a.bestMs - b.bestMs);
    const rows = [...measured, ...this.rows.filter((row) => !isMeasured(row))];
    const [best] = measured;
    if (best !== undefined)
      return { engine: best.engine, reason: `${describeRows(rows)}${this.otherBaseline()}`, rows };
    // Another input or a later version may succeed where this trial could not.
    this.lasting = false;
    const { engine } = this.settings;
    const verdict = this.verdicts.get(engine);
    if (verdict?.kind === 'crashed' || verdict?.kind === 'hung') {
      const working = [...this.verdicts].filter(([, { kind }]) => kind === 'sound').map(([name]) => name);
      throw crashError(this.trialModel, engine, verdict, working);
    }
    // If Paddle refuses the model with every engine, the actual creation reports the reason.
    const why =
      this.baseline === undefined
        ? "none of Paddle's own engines runs the model on a generated input, so there is no baseline for the others"
        : 'its outputs for a generated input are constant or empty, so the engines cannot be compared';
    return { engine, reason: `default, because no trial was possible: ${why} (${describeRows(rows)})`, rows };
  }

  private otherBaseline(): string {
    const engine = this.baseline?.engine ?? 'plain';
    return engine === 'plain' ? '' : `; compared with ${engine}, because plain does not run it`;
  }

  private get limits(): { timeoutMs: number; signal?: AbortSignal } {
    return { timeoutMs: trialTimeoutMs, signal: this.options.signal };
  }
}
