import { which } from '../processes/run-process';

/** Tools that the system's package manager must provide. */
export type SystemTool = 'g++' | 'make' | 'python3' | 'venv' | 'pip';

/** Libraries that Paddle needs of the system. */
export type SystemLibrary = 'libgomp' | 'libstdc++' | 'libgcc_s' | 'libz';

type Manager = 'apt-get' | 'dnf';

const PACKAGES: Readonly<Record<SystemTool | SystemLibrary, Readonly<Record<Manager, string>>>> = {
  'g++': { 'apt-get': 'g++', dnf: 'gcc-c++' },
  make: { 'apt-get': 'make', dnf: 'make' },
  python3: { 'apt-get': 'python3', dnf: 'python3' },
  venv: { 'apt-get': 'python3-venv', dnf: 'python3' },
  pip: { 'apt-get': 'python3-pip', dnf: 'python3-pip' },
  libgomp: { 'apt-get': 'libgomp1', dnf: 'libgomp' },
  'libstdc++': { 'apt-get': 'libstdc++6', dnf: 'libstdc++' },
  libgcc_s: { 'apt-get': 'libgcc-s1', dnf: 'libgcc' },
  libz: { 'apt-get': 'zlib1g', dnf: 'zlib' },
};

const libraries: readonly SystemLibrary[] = ['libgomp', 'libstdc++', 'libgcc_s', 'libz'];

/**
 * What to do about libraries, or versions of their symbols, that a program does not find, such as `libgomp.so.1` and
 * `GLIBCXX_3.4.30`.
 */
export async function missingLibrariesFix(missing: readonly string[]): Promise<string> {
  const glibc = missing.find((name) => name.startsWith('GLIBC_'));
  if (glibc !== undefined) return `use a newer Linux distribution (it needs ${glibc})`;
  const known = libraries.filter((library) =>
    missing.some((name) => name.startsWith(`${library}.`) || (library === 'libstdc++' && name.startsWith('GLIBCXX'))),
  );
  if (known.length > 0) return `install what is missing: ${await installLine(known)}`;
  return 'install the packages that contain them, or add their folder to LD_LIBRARY_PATH';
}

/**
 * The command that installs these tools and libraries with this machine's package manager; if it has neither known one, both
 * commands.
 */
export async function installLine(
  tools: readonly (SystemTool | SystemLibrary)[],
  searchPath?: string,
): Promise<string> {
  const managers: readonly Manager[] = ['apt-get', 'dnf'];
  const present: Manager[] = [];
  for (const manager of managers) if ((await which(manager, searchPath)) !== undefined) present.push(manager);
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  const line = (manager: Manager): string => {
    const names = new Set(tools.map((tool) => PACKAGES[tool][manager]));
    return `${sudo}${manager} install -y ${[...names].join(' ')}`;
  };
  const [only] = present;
  if (only !== undefined) return line(only);
  return `${line('apt-get')} (Debian, Ubuntu), ${line('dnf')} (Fedora, RHEL)`;
}

/** The given programs that are not on PATH. */
export async function missingTools<T extends SystemTool>(tools: readonly T[], searchPath?: string): Promise<T[]> {
  const found = await Promise.all(tools.map((tool) => which(tool, searchPath)));
  return tools.filter((_, i) => found[i] === undefined);
}
