import { which } from '../processes/run-process';

/** Tools that the system's package manager must provide. */
export type SystemTool = 'g++' | 'make' | 'python3' | 'venv' | 'pip';

type Manager = 'apt-get' | 'dnf';

const PACKAGES: Readonly<Record<SystemTool, Readonly<Record<Manager, string>>>> = {
  'g++': { 'apt-get': 'g++', dnf: 'gcc-c++' },
  make: { 'apt-get': 'make', dnf: 'make' },
  python3: { 'apt-get': 'python3', dnf: 'python3' },
  venv: { 'apt-get': 'python3-venv', dnf: 'python3' },
  pip: { 'apt-get': 'python3-pip', dnf: 'python3-pip' },
};

/**
 * The command that installs these tools with this machine's package manager; if it has neither known one, both
 * commands.
 */
export async function installLine(tools: readonly SystemTool[], searchPath?: string): Promise<string> {
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
