import { PaddleLabError } from '../errors';
import type { WheelRelease } from '../package-index/wheel-release';
import { checkString, nearest } from '../validate';

/** The distribution a wheel belongs to: the CPU build or the CUDA build. */
export type PaddlePackage = 'paddlepaddle' | 'paddlepaddle-gpu';

/** One wheel of Paddle that can be installed as a runtime. For use from Node, any CPython tag is equivalent. */
export interface PaddleRelease extends WheelRelease {
  name: PaddlePackage;
  /** Unpacked size in bytes. */
  unpackedSize?: number;
  /** Of a pinned wheel: the processor that it is for. */
  processor?: Processor;
}

/** The newest release with a wheel for this processor that this version was tested with. */
const defaultVersions = { x64: '3.3.1', arm64: '3.2.2' } as const;

/** The processors that Paddle has wheels for. */
export type Processor = keyof typeof defaultVersions;

/** Node's name of this machine's processor; one that Paddle has no wheels for is refused when a wheel is wanted. */
const processor: Processor = process.arch === 'arm64' ? 'arm64' : 'x64';

export const DEFAULT_VERSION: string = defaultVersions[processor];
export const DEFAULT_GPU_VERSION = '2.6.2';

/** One CPython is enough for every machine, since no Python runs; cp311 wheels exist for all of Paddle 2.5 to 3.x. */
export const CPYTHON_TAG = 'cp311';

/** Wheels whose hash is pinned here, so that a wrong file from an index is detected. */
export const KNOWN_RELEASES: readonly PaddleRelease[] = [
  {
    name: 'paddlepaddle',
    version: '3.3.1',
    cpython: CPYTHON_TAG,
    processor: 'x64',
    sha256: 'bb22396233d807f6957d9c4a6a1edc76693fb589c4ee3d17caf7e39113ca4047',
    size: 194_813_574,
    unpackedSize: 679_042_233,
  },
  {
    name: 'paddlepaddle',
    version: '2.6.2',
    cpython: CPYTHON_TAG,
    processor: 'x64',
    sha256: 'b090db204af19c0b1c187a72a2694faa008c22a4405942e8ea3946eae222be33',
    size: 125_966_665,
    unpackedSize: 424_878_272,
  },
  {
    name: 'paddlepaddle-gpu',
    version: '2.6.2',
    cpython: CPYTHON_TAG,
    processor: 'x64',
    sha256: '29694686383d935fb0966dd393f9af32a87d2d6674c8603583df5b08f9457f45',
    size: 758_955_369,
    unpackedSize: 2_941_780_707,
  },
  {
    name: 'paddlepaddle',
    version: '3.2.2',
    cpython: CPYTHON_TAG,
    processor: 'arm64',
    sha256: '0a87209df4069129c817875e5caadc1a1d87b8dfd291e6da8b5141e6ac4e20b6',
    size: 88_170_289,
    unpackedSize: 336_102_576,
  },
];

/** The folder name of a managed runtime, also used on the command line. */
export function runtimeId(release: { name: string; version: string }): string {
  return `${release.name}-${release.version}`;
}

/** The release for a version and build: a pinned wheel, or one for which only the index gives a hash. */
export function selectRelease(options: { version?: string; gpu?: boolean } = {}): PaddleRelease {
  const name: PaddlePackage = options.gpu ? 'paddlepaddle-gpu' : 'paddlepaddle';
  const version = options.version ?? (options.gpu ? DEFAULT_GPU_VERSION : DEFAULT_VERSION);
  checkVersion(version);
  const known = KNOWN_RELEASES.find(
    (release) => release.name === name && release.version === version && release.processor === processor,
  );
  return known ?? { name, version, cpython: CPYTHON_TAG };
}

/** Versions are used in folder names and requirement specifiers, so anything else is refused. */
export function isVersion(text: string): boolean {
  return /^\d+(\.\d+)+((a|b|rc|\.post|\.dev)\d+)*$/.test(text);
}

function checkVersion(version: string): void {
  checkString('version', version);
  if (isVersion(version)) return;
  const known = KNOWN_RELEASES.map((release) => release.version);
  const near = nearest(version, known);
  throw new PaddleLabError(
    'INVALID_ARGUMENT',
    `Expected a version like "${near ?? DEFAULT_VERSION}" for version but received ${JSON.stringify(version)}`,
  );
}
