import { type Shard, shardText } from '../../infer/shards/shard';
import { refuse } from './refuse';

/** The environment of a process, as far as it tells about its part of an array of jobs. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The value of `--shard`: `2/3`, or `auto` for the number and count that Kubernetes or Slurm give each job of an array;
 * `auto/3` gives the count.
 *
 * @throws PaddleLabError INVALID_ARGUMENT
 */
export function readShard(text: string, environment: Environment = process.env): Shard {
  const [, word, counted] = /^(\d+|auto)(?:\/(\d+))?$/.exec(text) ?? [];
  const given = counted === undefined ? undefined : Number(counted);
  if (word === undefined || (word !== 'auto' && given === undefined) || given === 0) throw wrong(text);
  if (word === 'auto') return fromEnvironment(given, environment);
  const shard = { number: Number(word), count: given as number };
  if (shard.number < 1 || shard.number > shard.count || !Number.isSafeInteger(shard.count)) throw wrong(text);
  return shard;
}

function wrong(text: string): Error {
  return refuse(`Expected i/n with 1 ≤ i ≤ n, auto or auto/n for --shard but received "${text}"`);
}

function fromEnvironment(given: number | undefined, environment: Environment): Shard {
  const kubernetes = environment.JOB_COMPLETION_INDEX;
  const slurm = environment.SLURM_ARRAY_TASK_ID;
  if (kubernetes !== undefined && slurm !== undefined) {
    throw refuse('JOB_COMPLETION_INDEX and SLURM_ARRAY_TASK_ID are both set; use --shard i/n');
  }
  if (kubernetes !== undefined) return fromKubernetes(given, environment);
  if (slurm !== undefined) return fromSlurm(given, environment);
  throw refuse(
    'Expected JOB_COMPLETION_INDEX (an Indexed Job of Kubernetes) or SLURM_ARRAY_TASK_ID (a job array of Slurm) for ' +
      '--shard auto, but neither is set; use --shard i/n',
  );
}

/** Kubernetes numbers from 0, and does not tell the count. */
function fromKubernetes(given: number | undefined, environment: Environment): Shard {
  const set = environment.JOB_COMPLETION_COUNT === undefined ? undefined : whole('JOB_COMPLETION_COUNT', environment);
  if (set !== undefined && given !== undefined && set !== given) {
    throw refuse(`--shard auto/${given} and JOB_COMPLETION_COUNT=${set} exclude each other; leave one out`);
  }
  const count = given ?? set;
  if (count === undefined) {
    throw refuse("--shard auto needs the Job's completions: --shard auto/n, or JOB_COMPLETION_COUNT=n");
  }
  return checked({ number: whole('JOB_COMPLETION_INDEX', environment) + 1, count }, 'JOB_COMPLETION_INDEX');
}

/** Slurm's arrays may begin anywhere: `--array=0-7`, `--array=1-8`, `--array=0-28:4`. */
function fromSlurm(given: number | undefined, environment: Environment): Shard {
  const id = whole('SLURM_ARRAY_TASK_ID', environment);
  if (environment.SLURM_ARRAY_TASK_COUNT === undefined && given === undefined) {
    throw refuse('Expected SLURM_ARRAY_TASK_COUNT for --shard auto, which is not set; use --shard auto/n');
  }
  const count = environment.SLURM_ARRAY_TASK_COUNT === undefined ? given : whole('SLURM_ARRAY_TASK_COUNT', environment);
  if (given !== undefined && count !== given) {
    // Such as a part of an array that is submitted again.
    throw refuse(`The array of Slurm has ${count} tasks but --shard auto/${given}; name the shard: --shard i/${given}`);
  }
  const [first, step] = [
    environment.SLURM_ARRAY_TASK_MIN === undefined ? 0 : whole('SLURM_ARRAY_TASK_MIN', environment),
    environment.SLURM_ARRAY_TASK_STEP === undefined ? 1 : whole('SLURM_ARRAY_TASK_STEP', environment),
  ];
  return checked({ number: (id - first) / Math.max(1, step) + 1, count: count as number }, 'SLURM_ARRAY_TASK_ID');
}

function whole(name: string, environment: Environment): number {
  const text = environment[name] as string;
  if (/^\d+$/.test(text)) return Number(text);
  throw refuse(`Expected a whole number ≥ 0 for ${name} but received "${text}"`);
}

/** An array such as `--array=1,3,7` has gaps, so an ID does not say which part it is. */
function checked(shard: Shard, name: string): Shard {
  const { number, count } = shard;
  if (Number.isInteger(number) && number >= 1 && number <= count) return shard;
  throw refuse(`${name} gives shard ${shardText(shard)}, which is not one of ${count}; use --shard i/n`);
}

/** A command line with its shard instead of `auto`, which has no meaning outside the job. */
export function withShard(argv: readonly string[], shard: Shard | undefined): readonly string[] {
  if (shard === undefined) return argv;
  return argv.map((word, i) => {
    if (/^--shard=auto(\/\d+)?$/.test(word)) return `--shard=${shardText(shard)}`;
    return argv[i - 1] === '--shard' && /^auto(\/\d+)?$/.test(word) ? shardText(shard) : word;
  });
}
