import path from 'node:path';
import { PaddleLabError } from '../errors';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from '../files/fs';
import { distFile, packageRoot } from '../package-root';
import { homeFolder } from '../runtime/cache';

export const DEFAULT_KERNEL_NAME = 'paddlelab';

/** The kernel names that Jupyter accepts. */
const KERNEL_NAME = /^[a-z0-9._-]+$/i;
const LOGOS = ['logo-64x64.png', 'logo-svg.svg'];

export interface InstallOptions {
  /** The folder of an environment, such as `/usr/local` or that of a venv; without it, the user's own data folder. */
  prefix?: string;
  name?: string;
  displayName?: string;
}

/**
 * Registers this installation of the package, with the current Node, as a Jupyter kernel. Returns the folder written.
 */
export function installKernel(options: InstallOptions = {}): string {
  const folder = kernelFolder(options);
  const source = path.join(packageRoot(), 'kernels', 'paddlelab');
  mkdirSync(folder, { recursive: true });
  for (const logo of LOGOS) copyFileSync(path.join(source, logo), path.join(folder, logo));
  const template = JSON.parse(readFileSync(path.join(source, 'kernel.json'), 'utf8'));
  const spec = {
    ...template,
    argv: template.argv.map((part: string) => fill(part)),
    display_name: options.displayName ?? template.display_name,
  };
  writeWhole(path.join(folder, 'kernel.json'), `${JSON.stringify(spec, null, 2)}\n`);
  return folder;
}

/** Removes the kernel's folder and returns it. */
export function uninstallKernel(options: InstallOptions = {}): string {
  const folder = kernelFolder(options);
  if (!existsSync(path.join(folder, 'kernel.json'))) {
    throw new PaddleLabError(
      'FILE_NOT_FOUND',
      `No kernel is installed at ${folder}; \`jupyter kernelspec list\` shows where kernels are`,
    );
  }
  rmSync(folder, { recursive: true });
  return folder;
}

/** A paddlelab kernel that Jupyter can find. */
export interface InstalledKernel {
  name: string;
  displayName: string;
  folder: string;
  /** Whether the Node and the script that it starts still exist. */
  usable: boolean;
}

/** The paddlelab kernels in these environments; undefined stands for the user's data folder. */
export function installedKernels(prefixes: readonly (string | undefined)[]): InstalledKernel[] {
  const folders = new Set(prefixes.map((prefix) => path.dirname(kernelFolder({ prefix }))));
  return [...folders].filter((folder) => existsSync(folder)).flatMap(kernelsIn);
}

function kernelsIn(parent: string): InstalledKernel[] {
  return readdirSync(parent).flatMap((name) => {
    const folder = path.join(parent, name);
    try {
      const { argv, display_name: displayName } = JSON.parse(readFileSync(path.join(folder, 'kernel.json'), 'utf8'));
      const [node, script] = [
        argv[0],
        argv.find((part: string) => part.endsWith(path.join('dist', 'kernel', 'main.js'))),
      ];
      return script === undefined
        ? []
        : [{ name, displayName, folder, usable: existsSync(node) && existsSync(script) }];
    } catch {
      return [];
    }
  });
}

function kernelFolder({ prefix, name = DEFAULT_KERNEL_NAME }: InstallOptions): string {
  if (!KERNEL_NAME.test(name) || /^\.+$/.test(name)) {
    throw new PaddleLabError(
      'INVALID_ARGUMENT',
      `Expected letters, digits, ".", "_" or "-" for the name of the kernel but received ${JSON.stringify(name)}`,
    );
  }
  const data = prefix === undefined ? userDataFolder() : path.join(path.resolve(prefix), 'share', 'jupyter');
  return path.join(data, 'kernels', name);
}

/** Where Jupyter looks for the kernels of one user. */
function userDataFolder(): string {
  const { JUPYTER_DATA_DIR, XDG_DATA_HOME } = process.env;
  if (JUPYTER_DATA_DIR) return JUPYTER_DATA_DIR;
  return path.join(XDG_DATA_HOME || path.join(homeFolder(), '.local', 'share'), 'jupyter');
}

function fill(part: string): string {
  if (part === '{node}') return process.execPath;
  return part === '{main}' ? distFile('kernel/main.js') : part;
}

/** So that a Jupyter server that reads at the same moment never sees half a file. */
function writeWhole(file: string, text: string): void {
  const partial = `${file}.${process.pid}.part`;
  writeFileSync(partial, text);
  renameSync(partial, file);
}
