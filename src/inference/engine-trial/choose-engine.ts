import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { messageOf } from '../../errors';
import type { ConfigStep } from '../../native/binding';
import { Reaper } from '../../runtime/reaper';
import { stepsOf } from '../config-steps';
import { type Engine, type EngineSettings, engines, fitsFormat, toConfig } from '../engine';
import { checkSettings } from '../settings-check';
import { agree } from './agreement';
import { crashError } from './guard';
import { memoryFile, recall, remember } from './memory';
import type { TrialProgress } from './progress';
import type { TrialInput } from './protocol';
import { circumstancesOf, parameterFiles, type TrialSubject } from './subject';
import { type TrialOutcome, TrialProcess } from './trial-process';
import { isLasting, keep, trialTimeoutMs, type Verdict, verdictFile, verdictOf } from './verdict';

/** How one engine did in a trial. */
export type EngineTrialRow =
  /** Sound, and agrees with plain; `bestMs` is the fastest of a few runs. */
  | { readonly engine: Engine; readonly outcome: 'measured'; readonly bestMs: number }
  | {
      readonly engine: Engine;
      /** Out of the question: not in this Paddle or not for this model, refused, ended the process, and so on. */
      readonly outcome: 'unavailable' | 'fails' | 'crashes' | 'hangs' | 'disagrees with plain';
      readonly reason: string;
    };

/** The engine that a trial chose. */
export interface ChosenEngine {
  readonly engine: Engine;
  /** For people: what it won against. */
  readonly reason: string;
  readonly rows: readonly EngineTrialRow[];
}

export interface ChooseOptions {
  readonly signal?: AbortSignal;
  readonly progress: TrialProgress;
}

/** Engines are timed by turns, so that a machine that is busy for a moment does not decide. */
const rounds = 5;
const runsOfRound = 30;
const timedMs = 120;
/** After so many rounds, whoever is so many times slower than the best has no more turns. */
const patience = 2;
const hopeless = 2;
/** No more rounds begin after this time: a slow model's times are more even. */
const raceMs = 5000;
/** Models with larger parameters are tried one engine after the other, so that they are in memory once. */
const largeModelBytes = 256 * 2 ** 20;

/** One engine on its way through a trial. */
interface Candidate {
  readonly engine: Engine;
  readonly steps: readonly ConfigStep[];
  readonly process: TrialProcess;
  readonly prepared: Promise<TrialOutcome>;
}

/**
 * The fastest engine for a model on this CPU among those that survive it and agree with plain, in float32. The choice
 * is remembered for this model, Paddle, CPU and number of threads.
 *
 * @throws PaddleLabError MODEL_DAMAGED, ABORTED
 */
export async function chooseEngine(
  subject: TrialSubject,
  settings: EngineSettings,
  inputs: readonly TrialInput[],
  options: ChooseOptions,
): Promise<ChosenEngine> {
  const { threads } = settings;
  const file = memoryFile({ ...(await circumstancesOf(subject, inputs)), choice: { threads, rounds, engines } });
  const known = await recall<ChosenEngine>(file);
  if (known !== undefined) return known;
  const trial = new Trial(subject, settings, inputs, options);
  const chosen = await trial.run();
  if (trial.lasting) await remember(file, chosen);
  return chosen;
}

class Trial {
  /** Whether another trial would find the same. */
  lasting = true;
  private readonly rows: EngineTrialRow[] = [];
  private readonly verdicts = new Map<Engine, Verdict>();
  private readonly processes: TrialProcess[] = [];
  private readonly reaper = new Reaper();
  private baseline: TrialOutcome | undefined;

  constructor(
    private readonly subject: TrialSubject,
    private readonly settings: EngineSettings,
    private readonly inputs: readonly TrialInput[],
    private readonly options: ChooseOptions,
  ) {}

  async run(): Promise<ChosenEngine> {
    try {
      const together = availableParallelism() > 1 && (await this.size()) < largeModelBytes;
      // Plain is what the others are held against, so that its process is there before they are timed.
      const tried = engines.filter((engine) => fitsFormat(engine, this.subject.format));
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
      this.reaper.end();
    }
  }

  private async size(): Promise<number> {
    const files = await parameterFiles(this.subject);
    const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  private async start(engine: Engine): Promise<Candidate | undefined> {
    const { program, params, format, library } = this.subject;
    const config = toConfig(program, params, format, { ...this.settings, engine, precision: 'fp32' });
    try {
      await checkSettings(config, library, format);
    } catch (error) {
      this.rows.push({ engine, outcome: 'unavailable', reason: messageOf(error) });
      return undefined;
    }
    const steps = await stepsOf(config);
    const process = new TrialProcess(this.reaper);
    this.processes.push(process);
    const request = { runtime: library.runtime.root, steps, inputs: this.inputs };
    this.options.progress.update(`trying engine ${engine}`);
    return { engine, steps, process, prepared: process.ask(request, this.limits) };
  }

  /** Whether a candidate survives the model and agrees with plain; what does not is a row. */
  private async isSound({ engine, steps, process, prepared }: Candidate): Promise<boolean> {
    const first = await prepared;
    const verdict = await keep(await verdictFile(this.subject, steps, this.inputs), first, this.options.signal);
    this.verdicts.set(engine, verdict);
    this.lasting &&= isLasting(first);
    if (engine === 'plain') this.baseline = first;
    if (first.kind === 'ready') {
      if (this.baseline?.kind !== 'ready' || agree(this.baseline.outputs, first.outputs)) return true;
      const reason = 'another result than plain on the same input';
      this.rows.push({ engine, outcome: 'disagrees with plain', reason });
    } else {
      this.rows.push({ engine, ...problemOf(verdict) });
    }
    process.end();
    return false;
  }

  /** Times candidates by turns, those that fall far behind only once; the fastest run of each counts. */
  private async race(candidates: readonly Candidate[]): Promise<void> {
    const best = new Map<Candidate, number>();
    const started = performance.now();
    let running = [...candidates];
    for (let round = 0; round < rounds && running.length > 0; round++) {
      if (round >= patience && performance.now() - started > raceMs) break;
      for (const candidate of running) {
        const ms = await this.time(candidate);
        if (ms !== undefined) best.set(candidate, Math.min(ms, best.get(candidate) ?? ms));
      }
      const fastest = Math.min(...best.values(), ...this.rows.filter(isMeasured).map((row) => row.bestMs));
      const limit = round + 1 < patience ? Number.MAX_VALUE : hopeless * fastest;
      // Backwards, so that whoever was first is last.
      running = running.filter((candidate) => (best.get(candidate) ?? Number.POSITIVE_INFINITY) <= limit).reverse();
    }
    for (const [{ engine, process }, bestMs] of best) {
      process.end();
      if (!this.rows.some((row) => row.engine === engine)) this.rows.push({ engine, outcome: 'measured', bestMs });
    }
  }

  /** Undefined where the engine failed after all, which is a row then. */
  private async time({ engine, process }: Candidate): Promise<number | undefined> {
    this.options.progress.update(`measuring engine ${engine}`);
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
    if (best !== undefined) return { engine: best.engine, reason: describeRows(rows), rows };
    for (const [engine, verdict] of this.verdicts) {
      if (verdict.kind === 'crashed' || verdict.kind === 'hung') throw crashError(this.subject, engine, verdict, []);
    }
    // Paddle refuses the model or the made-up input with every engine, and says why when it is asked again.
    return { engine: this.settings.engine, reason: `default, ${describeRows(rows)}`, rows };
  }

  private get limits(): { timeoutMs: number; signal?: AbortSignal } {
    return { timeoutMs: trialTimeoutMs, signal: this.options.signal };
  }
}

function isMeasured(row: EngineTrialRow): row is Extract<EngineTrialRow, { outcome: 'measured' }> {
  return row.outcome === 'measured';
}

type Problem = Omit<Exclude<EngineTrialRow, { outcome: 'measured' }>, 'engine'>;

function problemOf(verdict: Verdict): Problem {
  if (verdict.kind === 'crashed') return { outcome: 'crashes', reason: verdict.reason };
  if (verdict.kind === 'hung') return { outcome: 'hangs', reason: `no result in ${verdict.seconds} s` };
  if (verdict.kind === 'sound') throw new Error('A sound engine is no problem');
  return { outcome: 'fails', reason: `${verdict.stage}: ${firstLine(verdict.message)}` };
}

/** Paddle's texts end in a native stack. */
function firstLine(message: string): string {
  const line = message.split('\n').find((candidate) => candidate.trim() !== '') ?? '';
  return line.length > 240 ? `${line.slice(0, 237)}...` : line.trim();
}

/** "fastest of openvino 5.8 ms, onednn 40 ms, plain 61 ms", "plain 40 ms; onednn crashes, openvino unavailable". */
function describeRows(rows: readonly EngineTrialRow[]): string {
  const measured = rows.filter(isMeasured).map(({ engine, bestMs }) => `${engine} ${show(bestMs)}`);
  const others = rows.filter((row) => !isMeasured(row)).map(({ engine, outcome }) => `${engine} ${outcome}`);
  const first = `${measured.length > 1 ? 'fastest of ' : ''}${measured.join(', ')}`;
  return [first, others.join(', ')].filter((part) => part !== '').join('; ');
}

function show(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}
