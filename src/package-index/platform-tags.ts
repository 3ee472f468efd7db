import { PaddleLabError } from '../errors';

/** What package clients call a platform. */
export interface PlatformTags {
  /** For people. */
  readonly words: string;
  /** The tags of wheels, the preferred first. Some indexes tag them as plain Linux. */
  readonly wheels: readonly string[];
  /** The platform as uv's `--python-platform` takes it. */
  readonly uv: string;
}

/** By Node's names of the platform and processor. */
const platforms: Readonly<Record<string, PlatformTags>> = {
  'linux-x64': {
    words: 'Linux x86-64',
    wheels: [
      'linux_x86_64',
      'manylinux_2_28_x86_64',
      'manylinux_2_17_x86_64',
      'manylinux2014_x86_64',
      'manylinux2010_x86_64',
      'manylinux1_x86_64',
    ],
    uv: 'x86_64-manylinux2014',
  },
  'linux-arm64': {
    words: 'Linux arm64',
    wheels: ['linux_aarch64', 'manylinux_2_28_aarch64', 'manylinux_2_17_aarch64', 'manylinux2014_aarch64'],
    uv: 'aarch64-manylinux2014',
  },
};

/**
 * The tags of this platform.
 *
 * @throws PaddleLabError RUNTIME_INSTALL_FAILED
 */
export function platformTags(platform: string = `${process.platform}-${process.arch}`): PlatformTags {
  const tags = platforms[platform];
  if (tags !== undefined) return tags;
  const known = Object.keys(platforms).join(', ');
  throw new PaddleLabError('RUNTIME_INSTALL_FAILED', `Expected one of the platforms ${known} but received ${platform}`);
}
