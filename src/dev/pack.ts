import path from 'node:path';
import { messageOf, PaddleLabError } from '../errors';
import { cp, mkdir, readFile, writeFile } from '../files/fs';
import { addonFiles, compiledFolder, platformPackage } from '../native/addon-files';
import { packageRoot } from '../package-root';
import { lastWords, runProcess } from '../processes/run-process';
import { TemporaryFolder } from '../temporary-folder';
import { symbolsAboveFloor } from './symbol-floor';

/** The packages that are released together, in one version. */
const supported = ['@paddlelab/linux-x64', '@paddlelab/linux-arm64'] as const;

/** The lessons with their models and images, which the main package would only carry about. */
const lessons = '@paddlelab/notebooks';

type PackageJson = Readonly<Record<string, unknown>> & { readonly version: string };

/** Where a package is put together, and where its archive goes. */
interface Packing {
  readonly staging: string;
  readonly target: string;
}

/**
 * `npm run pack`: makes the archives of all packages in `out/packages`: the main one, the addon compiled for this
 * platform, and the lessons. The release publishes them with the other platform's addon.
 */
export async function main([folder = path.join(packageRoot(), 'out', 'packages')]: readonly string[]): Promise<void> {
  try {
    for (const file of await packAll(path.resolve(folder))) process.stdout.write(`${file}\n`);
  } catch (error) {
    process.stderr.write(`paddlelab: error: ${messageOf(error)}\n`);
    process.exitCode = 1;
  }
}

/** @returns the archives: main package, platform package, lessons */
export async function packAll(target: string): Promise<string[]> {
  await mkdir(target, { recursive: true });
  const staging = TemporaryFolder.create('build');
  try {
    const packing = { staging: staging.path, target };
    const own = JSON.parse(await readFile(path.join(packageRoot(), 'package.json'), 'utf8')) as PackageJson;
    return [await packMain(own, packing), await packPlatform(own, packing), await packLessons(own, packing)];
  } finally {
    await staging.release();
  }
}

/** Without scripts, and with the platforms' packages in the same version. */
async function packMain(own: PackageJson, packing: Packing): Promise<string> {
  const [content] = JSON.parse(await npm(['pack', '--dry-run', '--ignore-scripts', '--json'], packageRoot())) as [
    { readonly files: readonly { readonly path: string }[] },
  ];
  const { scripts: _, private: __, ...shipped } = own;
  const optionalDependencies = Object.fromEntries(supported.map((name) => [name, own.version]));
  const files = content.files.map((file) => file.path).filter((file) => file !== 'package.json');
  return pack('paddlelab', { ...shipped, optionalDependencies }, packing, (folder) =>
    copyFiles(packageRoot(), files, folder),
  );
}

async function packPlatform(own: PackageJson, packing: Packing): Promise<string> {
  const name = platformPackage();
  for (const file of addonFiles) await checkFloor(path.join(compiledFolder(), file));
  const description = `The native addon of paddlelab for ${process.platform} on ${process.arch}`;
  const facts = {
    ...common(own, name, description),
    ...{ os: [process.platform], cpu: [process.arch], libc: ['glibc'], files: addonFiles },
  };
  const readme = `# ${name}\n\n${description}. It is installed with the package \`paddlelab\`; see there.\n`;
  return pack(name, facts, packing, async (folder) => {
    await copyFiles(compiledFolder(), addonFiles, folder);
    await writeFile(path.join(folder, 'README.md'), readme);
  });
}

async function packLessons(own: PackageJson, packing: Packing): Promise<string> {
  const facts = {
    ...common(own, lessons, 'Lessons for paddlelab: notebooks with their models, images and data'),
    peerDependencies: { paddlelab: `^${own.version}` },
  };
  const readme =
    `# ${lessons}\n\nThe lessons of paddlelab as notebooks, with the small models, images and data that they use.\n` +
    'Copy the folder `node_modules/@paddlelab/notebooks` to a place of your own and open it in JupyterLab or VS Code.\n';
  return pack(lessons, facts, packing, async (folder) => {
    await cp(path.join(packageRoot(), 'notebooks'), folder, {
      recursive: true,
      filter: (file) => !file.includes('.ipynb_checkpoints'),
    });
    await writeFile(path.join(folder, 'README.md'), readme);
  });
}

function common(own: PackageJson, name: string, description: string): Record<string, unknown> {
  const { version, license, repository, homepage, bugs, engines } = own;
  return { name, version, description, license, type: 'commonjs', repository, homepage, bugs, engines };
}

async function checkFloor(file: string): Promise<void> {
  const above = await symbolsAboveFloor(file);
  if (above.length === 0) return;
  throw new PaddleLabError(
    'TOOL_FAILED',
    `Expected ${path.basename(file)} to run with glibc 2.28 but it needs ${above.join(', ')}; ` +
      'add them to native/src/binding/glibc_floor.h',
  );
}

async function pack(
  name: string,
  content: Readonly<Record<string, unknown>>,
  { staging, target }: Packing,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = path.join(staging, name);
  await mkdir(folder, { recursive: true });
  await fill(folder);
  await cp(path.join(packageRoot(), 'LICENSE'), path.join(folder, 'LICENSE'));
  await writeFile(path.join(folder, 'package.json'), `${JSON.stringify(content, undefined, 2)}\n`);
  const file = (await npm(['pack', '--silent', '--pack-destination', target], folder)).trim();
  return path.join(target, file);
}

async function copyFiles(from: string, files: readonly string[], to: string): Promise<void> {
  for (const file of files) {
    const target = path.join(to, file);
    await mkdir(path.dirname(target), { recursive: true });
    await cp(path.join(from, file), target);
  }
}

async function npm(args: readonly string[], cwd: string): Promise<string> {
  const result = await runProcess(['npm'], args, { cwd });
  if (result.code === 0) return result.stdout;
  throw new PaddleLabError('TOOL_FAILED', `npm ${args.join(' ')} failed in ${cwd}: ${lastWords(result)}`);
}
