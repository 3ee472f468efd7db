import { availableParallelism } from 'node:os';
import { inspectCustom } from '../display/display';
import { PaddleLabError } from '../errors';
import type { ModelName } from '../hub/catalogue/official-models';
import type { EngineOptions } from '../inference/engine';
import { type LoadModelOptions, loadModel } from '../model/load-model';
import { Model } from '../model/model';
import { abortSignal, checkedLater, type OptionChecks, oneOf, readOptions } from '../options';
import { SessionPool } from '../predict/session-pool';
import type { Task } from '../results';
import { modelTitle } from '../spec/model-title';
import type { TextPreset } from '../spec/text-presets';
import { checkInteger, invalidArgument } from '../validate';
import { checkAngles, upsideDownClass } from './orientation-classes';
import { rapidOcrDetector, rapidOcrRecognizer } from './text-preset';

/** The networks of `loadTextReader`, and what they run on. */
export interface TextReaderOptions extends Pick<EngineOptions, 'device' | 'engine' | 'precision' | 'threads'> {
  /** Finds lines of text: a folder, a name, or a loaded model; `PP-OCRv4_mobile_det` by default. */
  readonly detection?: ModelName | Model<'text-detection'>;
  /** Reads a line: a folder, a name, or a loaded model; `PP-OCRv4_mobile_rec` (Chinese and English) by default. */
  readonly recognition?: ModelName | Model<'text-recognition'>;
  /**
   * Finds lines that are upside down: a classifier with the classes 0 and 180 degrees, such as `PP-LCNet_x0_25_textline_ori`;
   * `false`: no line is turned. By default `ch_ppocr_mobile_v2.0_cls`, as in RapidOCR, and none with the preset `'paddlex'`.
   */
  readonly orientation?: ModelName | Model<'classification'> | false;
  /**
   * Finds pages that lie on their side or upside down, which are turned for reading: a classifier with the classes 0, 90, 180
   * and 270 degrees, such as `PP-LCNet_x1_0_doc_ori`. None by default.
   */
  readonly pageOrientation?: ModelName | Model<'classification'>;
  /**
   * Flattens photographs of bent pages before they are read, such as `UVDoc`: results then have the flat page as `unwarped`, and
   * places in its pixels. None by default.
   */
  readonly unwarping?: ModelName | Model<'image-unwarping'>;
  /**
   * Whose parameters are used with networks that are named here; loaded models keep their own. `'rapidocr'` (default):
   * those of RapidOCR 1.4, which enlarges small images, so that small letters are found. `'paddlex'`: what the network's
   * own configuration says, or PaddleX 3 where it has none.
   */
  readonly preset?: TextPreset;
  /** Gives up loading. */
  readonly signal?: AbortSignal;
}

/** The networks that read text together. Those that it loaded are disposed with it; those given to it are not. */
export class TextReader {
  readonly #own: readonly Model[];
  /** @internal Sessions of the recogniser; more than one if the reader loaded it for a CPU. */
  readonly recognitionSessions: SessionPool;

  /** @internal Use `loadTextReader`. */
  constructor(
    readonly detection: Model<'text-detection'>,
    readonly recognition: Model<'text-recognition'>,
    readonly orientation: Model<'classification'> | undefined,
    readonly pageOrientation: Model<'classification'> | undefined,
    readonly unwarping: Model<'image-unwarping'> | undefined,
    /** Whose parameters are used with the networks that were named. */
    readonly preset: TextPreset,
    own: readonly Model[],
    parallel: number,
  ) {
    this.#own = own;
    this.recognitionSessions = SessionPool.open(recognition.session, parallel, wheneverWaited);
  }

  /** All its networks, those that find and read lines first. */
  get networks(): readonly Model[] {
    const all = [this.detection, this.recognition, this.orientation, this.pageOrientation, this.unwarping];
    return all.filter((model) => model !== undefined) as unknown as Model[];
  }

  /** Frees the networks that it loaded, after pending predictions; further calls do nothing. */
  async dispose(): Promise<void> {
    await this.recognitionSessions.close();
    await Promise.all(this.#own.map((model) => model.dispose()));
  }

  /** `dispose`, at the end of a block with `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  [inspectCustom](): string {
    const names = this.networks.map(({ spec, runtime }) => `${modelTitle(spec)} on ${runtime.engine}`);
    return `TextReader (${names.join(', ')})`;
  }
}

const checks = {
  ...{ detection: checkedLater, recognition: checkedLater, orientation: checkedLater },
  ...{ pageOrientation: checkedLater, unwarping: checkedLater },
  ...{ device: checkedLater, engine: checkedLater, precision: checkedLater, threads: checkedLater },
  preset: oneOf(['rapidocr', 'paddlex']),
  signal: abortSignal,
} satisfies OptionChecks<TextReaderOptions>;

/**
 * Loads the networks that read text: one finds the lines, one reads them, and one may find those that are upside down.
 *
 * Without options these are the small networks of PP-OCRv4 for Chinese and English, which are downloaded once by name.
 *
 * @throws PaddleLabError as `loadModel`; MODEL_UNSUPPORTED for a network of another task
 *
 * @example
 * import { loadTextReader, readText } from 'paddlelab';
 * const reader = await loadTextReader({ engine: 'plain' });
 * const { text } = await readText('page.png', { reader });
 */
export async function loadTextReader(options: TextReaderOptions = {}): Promise<TextReader> {
  const given = readOptions('loadTextReader', options, checks);
  const { device, engine, precision, threads, signal, preset = 'rapidocr', pageOrientation, unwarping } = given;
  const load = { device, engine, precision, threads, signal };
  const { detection = 'PP-OCRv4_mobile_det', recognition = 'PP-OCRv4_mobile_rec' } = given;
  const { orientation = preset === 'rapidocr' && 'ch_ppocr_mobile_v2.0_cls' } = given;
  const alone = linesAlone(recognition, load);
  const own: Model[] = [];
  try {
    const finds = await modelFor('detection', 'text-detection', detection, load, own);
    const reads = await modelFor('recognition', 'text-recognition', recognition, { ...load, ...alone.load }, own);
    const turns = await optional('orientation', 'classification', orientation, load, own);
    if (turns !== undefined) upsideDownClass(turns);
    const turnsPages = await optional('pageOrientation', 'classification', pageOrientation, load, own);
    if (turnsPages !== undefined) checkAngles(turnsPages);
    const unwarps = await optional('unwarping', 'image-unwarping', unwarping, load, own);
    const finder = changes(detection, preset) ? rapidOcrDetector(finds) : finds;
    const recognizer = changes(recognition, preset) ? rapidOcrRecognizer(reads) : reads;
    return new TextReader(finder, recognizer, turns, turnsPages, unwarps, preset, own, alone.parallel);
  } catch (error) {
    await Promise.all(own.map((model) => model.dispose()));
    throw error;
  }
}

/** Each session of the recogniser takes about a hundred megabytes. */
const mostSessions = 8;

/**
 * On a CPU, several lines are read side by side, which share the threads: that takes less time than one line after the
 * other with all threads. A model that is given keeps its threads.
 */
function linesAlone(
  recognition: ModelName | Model,
  { device = 'cpu', threads }: LoadModelOptions,
): { readonly load: LoadModelOptions; readonly parallel: number } {
  if (typeof recognition !== 'string' || device !== 'cpu') return { load: {}, parallel: 1 };
  const all = checkInteger('threads', threads ?? availableParallelism(), 1);
  const parallel = Math.min(all, mostSessions);
  return { load: { threads: Math.floor(all / parallel) }, parallel };
}

/** Reading lines is nearly all of the work, so that another session is worth its memory whenever lines wait for one. */
const wheneverWaited = (): number => performance.now();

/** Models that are given keep their parameters. */
function changes(given: ModelName | Model, preset: TextPreset): boolean {
  return typeof given === 'string' && preset === 'rapidocr';
}

/** The model of an option that may be left out. */
async function optional<T extends Exclude<Task, 'custom'>>(
  option: string,
  task: T,
  given: ModelName | Model<T> | false | undefined,
  load: LoadModelOptions,
  own: Model[],
): Promise<Model<T> | undefined> {
  return given === false || given === undefined ? undefined : modelFor(option, task, given, load, own);
}

async function modelFor<T extends Exclude<Task, 'custom'>>(
  option: string,
  task: T,
  given: ModelName | Model<T>,
  load: LoadModelOptions,
  own: Model[],
): Promise<Model<T>> {
  if (typeof given === 'string') {
    const model = await loadModel(given, { ...load, task });
    own.push(model as unknown as Model);
    return model;
  }
  if (!(given instanceof Model)) throw invalidArgument(option, 'folder, name or loaded model', given);
  if (given.kind === task) return given;
  const { directory } = given.spec.files;
  throw new PaddleLabError(
    'MODEL_UNSUPPORTED',
    `Expected a model for ${task} as ${option} but ${directory} is for ${given.kind}`,
  );
}
