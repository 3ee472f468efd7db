import path from 'node:path';
import { messageOf, PaddleLabError } from '../errors';
import { existsSync } from '../files/fs';
import { packageRoot, packageVersion } from '../package-root';

/** The addon, and the library that is loaded before Paddle. */
export const addonFiles = ['paddlelab.node', 'paddle_stubs.node'] as const;
export type AddonFile = (typeof addonFiles)[number];

/** Where a compiled addon is put; it has precedence over the one in the platform's package. */
export function compiledFolder(): string {
  return path.join(packageRoot(), 'native', 'build', 'Release');
}

/** The npm package with the addon compiled for this platform, an optional dependency. */
export function platformPackage(): string {
  return `@paddlelab/${process.platform}-${process.arch}`;
}

/** @throws PaddleLabError ADDON_UNAVAILABLE if it is neither compiled here nor in the platform's package */
export function addonFile(name: AddonFile): string {
  const compiled = path.join(compiledFolder(), name);
  return existsSync(compiled) ? compiled : path.join(platformFolder(), name);
}

function platformFolder(): string {
  const name = platformPackage();
  let file: string;
  let version: string;
  try {
    file = require.resolve(`${name}/package.json`, { paths: [packageRoot()] });
    version = (require(file) as { version: string }).version;
  } catch (error) {
    throw unavailable(
      `Expected the native addon in the package ${name} or in ${compiledFolder()} but found neither. ` +
        `${reasonOfSystem() ?? 'Install the package with its optional dependencies (`npm install --include=optional`)'}`,
      error,
    );
  }
  if (version === packageVersion()) return path.dirname(file);
  throw unavailable(
    `Expected version ${packageVersion()} of ${name} but found ${version}. Install it: ` +
      `npm install ${name}@${packageVersion()}`,
  );
}

/** Why there is no package for this system; undefined if there is one. */
function reasonOfSystem(): string | undefined {
  const { platform, arch } = process;
  if (platform !== 'linux' || (arch !== 'x64' && arch !== 'arm64')) {
    return `There is none for ${platform}-${arch}: Paddle is supported on Linux with glibc, on x64 and arm64`;
  }
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  if (header.glibcVersionRuntime !== undefined) return undefined;
  return 'This system has no glibc (Alpine?), which Paddle needs: use a system such as Debian, Ubuntu or Fedora';
}

/** The error for an addon that is missing or can't be loaded, with the way out. */
export function unavailable(reason: string, cause?: unknown): PaddleLabError {
  return new PaddleLabError(
    'ADDON_UNAVAILABLE',
    `${reason}\nOr compile it for this machine with \`npx paddlelab rebuild\` (needs g++, make and python3); ` +
      'see also `npx paddlelab doctor`.',
    { cause },
  );
}

/** The error of a file that is there but can't be loaded. */
export function notLoadable(file: string, error: unknown): PaddleLabError {
  return unavailable(`Can't load the native addon ${file}: ${messageOf(error)}.`, error);
}
