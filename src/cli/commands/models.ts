import { type Command, Option } from 'commander';
import { PaddleLabError } from '../../errors';
import { isOfficial } from '../../hub/catalogue/describe';
import { info, type ListedModel, type ListOptions, list, pull, remove, search, verify } from '../../hub/models';
import type { PullProgress, TriedSource } from '../../hub/pull-model';
import { checkName } from '../../hub/resolve-model';
import { sourceNames } from '../../hub/sources/source';
import { readAllPulled } from '../../hub/store';
import { formatSize, wrap } from '../../text/format';
import { alignRows, formatTable } from '../../text/table';
import { suggest, suggestModels } from '../completion/suggestions';
import { interruptible, nothingDone } from '../interruptible';
import { say, tell } from '../print';
import { createProgress, type PhaseWords } from '../progress';

const width = 80;
/** As for partly failed runs. */
const exitDamaged = 3;

const pullWords: PhaseWords = {
  wait: 'Waiting for another process that pulls it',
  find: 'Looking for it',
  download: 'Downloading',
  verify: 'Checking the SHA-256',
  unpack: 'Unpacking',
};

const variables = `
Variables:
  PADDLELAB_MODELS         folder of the models, instead of the cache
  PADDLELAB_MODEL_SOURCE   a source that is tried first: a name, a folder or URL
                           with NAME_infer.tar, or a folder with the folder NAME
  PADDLELAB_OFFLINE=1      use only the cache and folders
  HTTPS_PROXY, NO_PROXY    the proxy
  PADDLELAB_BAIDU_ENDPOINT, HF_ENDPOINT, MODELSCOPE_DOMAIN   mirrors
  HF_TOKEN, HF_HOME, HF_HUB_OFFLINE, MODELSCOPE_API_TOKEN    as in their tools

Examples:
  paddlelab models search layout
  paddlelab models pull PicoDet-S PP-LiteSeg-T
  paddlelab infer PicoDet-S photos/`;

/** Adds `paddlelab models`: the official models by their names. */
export function registerModels(program: Command): void {
  const models = program
    .command('models')
    .description('list, search, download, check and remove official models')
    .addHelpText('after', variables);
  const runs = new Option('--runs <how>', 'what this version does with them').choices([
    'predict',
    'tensors',
    'program',
    'no',
  ]);
  models
    .command('list')
    .description('show the official models')
    .option('--pulled', 'only those in the cache')
    .addOption(runs)
    .option('--json', 'as JSON')
    .action(async (options: ListFlags) => show(await list(only(options)), options));
  models
    .command('search')
    .description('show the official models whose name, task or toolkit has all words')
    .argument('<words...>', 'such as: layout, face, PaddleSeg')
    .option('--pulled', 'only those in the cache')
    .addOption(runs)
    .option('--json', 'as JSON')
    .action(async (words: string[], options: ListFlags) => show(await search(words.join(' '), only(options)), options));
  suggestModels(
    models.command('info').description('show what is known of a model').option('--json', 'as JSON'),
    'first',
  )
    .argument('<name>', 'name of an official model')
    .action(showInfo);
  suggestModels(models.command('pull').description('download models into the cache'), 'all')
    .argument('<names...>', 'names of official models')
    .addOption(suggest(new Option('--source <place>', 'use only this source: a name, a folder or a URL'), sourceNames))
    .option('--offline', 'use only the cache and folders')
    .option('--update', 'download again, and accept files other than those of the first time')
    .action(pullAll);
  suggestModels(models.command('verify').description('compare the files of models with their SHA-256'), 'all')
    .argument('[names...]', 'names of models in the cache; all by default')
    .action(verifyAll);
  suggestModels(models.command('remove').description('delete models from the cache'), 'all')
    .argument('<names...>', 'names of models in the cache')
    .action(removeAll);
}

interface ListFlags extends ListOptions {
  readonly json?: boolean;
}

function only({ pulled, runs }: ListFlags): ListOptions {
  return { ...(pulled === undefined ? {} : { pulled }), ...(runs === undefined ? {} : { runs }) };
}

function show(models: readonly ListedModel[], { json }: ListFlags): void {
  if (json) {
    say(JSON.stringify(models, undefined, 2));
    return;
  }
  if (models.length === 0) {
    say('No model matches. See all with: npx paddlelab models list');
    return;
  }
  const rows = models.map(({ name, task, module, megabytes, runs, pulled }) => [
    name,
    task ?? module,
    megabytes === null ? '' : formatSize(megabytes * 1e6),
    runs,
    pulled ? 'pulled' : '',
  ]);
  say(formatTable(['NAME', 'TASK', 'SIZE', 'RUNS', ''], rows));
}

async function showInfo(name: string, { json }: { json?: boolean }): Promise<void> {
  const model = await info(checkName(name));
  if (json) {
    say(JSON.stringify(model, undefined, 2));
    return;
  }
  const { files } = model;
  const rows: [string, string][] = [
    ['module', `${model.module} (${model.toolkit})`],
    ['task', model.task ?? '–'],
    ['runs', model.why === '' ? model.runs : `${model.runs}: ${model.why}`],
    ['program', model.format === null ? 'none' : `.${model.format}`],
    ['size', model.megabytes === null ? 'not stated' : `${model.megabytes} MB, as PaddleX states it`],
    ['licence', model.licence ?? 'not stated with the weights (PaddleX: Apache-2.0)'],
    ['sources', model.sources.join(', ')],
    ['folder', files === undefined ? 'not pulled' : `${files.path} (${formatSize(files.size)})`],
    ...(files === undefined
      ? []
      : ([['pulled', `${files.pulled.slice(0, 10)} from ${files.url}`]] as [string, string][])),
    ...(files?.sha256 === undefined ? [] : ([['SHA-256', files.sha256]] as [string, string][])),
  ];
  say([model.name, ...alignRows(rows)].map((line) => wrap(line, width, ' '.repeat(9))).join('\n'));
}

interface PullFlags {
  readonly source?: string;
  readonly offline?: boolean;
  readonly update?: boolean;
}

async function pullAll(names: string[], { source, offline, update }: PullFlags): Promise<void> {
  // Checked before the first download, not after.
  const known = names.map(checkName);
  let fetched = false;
  const keptWork = (): string =>
    fetched ? 'The download so far is kept; run the same command to continue it.' : nothingDone;
  for (const name of known) {
    const progress = createProgress(pullWords);
    const onTried = ({ source: failed, reason }: TriedSource): void => {
      progress.stop();
      tell(`note: ${failed}: ${reason}`);
    };
    const onProgress = (step: PullProgress): void => {
      fetched ||= step.phase === 'download';
      progress.update(step);
    };
    const options = { onProgress, onTried, ...definedOf({ source, offline, update }) };
    try {
      const model = await interruptible((signal) => pull(name, { ...options, signal }), keptWork);
      progress.stop();
      say(`${model.name} from ${model.source} is in ${model.path} (${formatSize(model.size)})`);
    } finally {
      progress.stop();
    }
  }
}

function definedOf(flags: PullFlags): PullFlags {
  return Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
}

async function verifyAll(names: string[]): Promise<void> {
  const pulled = names.length > 0 ? names.map(checkName) : [...(await readAllPulled()).keys()].filter(isOfficial);
  if (pulled.length === 0) say('No model is in the cache.');
  let damagedModels = 0;
  for (const name of pulled) {
    const { intact, damaged } = await verify(name);
    if (!intact) damagedModels++;
    say(
      intact
        ? `${name}: intact`
        : `${name}: damaged (${damaged.join(', ')}); fix: npx paddlelab models pull ${name} --update`,
    );
  }
  if (damagedModels > 0) process.exitCode = exitDamaged;
}

async function removeAll(names: string[]): Promise<void> {
  const failures: PaddleLabError[] = [];
  for (const name of names) {
    try {
      const model = await remove(checkName(name));
      say(`Removed ${model.name} (${formatSize(model.size)})`);
    } catch (error) {
      if (!(error instanceof PaddleLabError)) throw error;
      failures.push(error);
    }
  }
  const [first, ...others] = failures;
  for (const error of others) tell(`error: ${error.message}`);
  if (first !== undefined) throw first;
}
