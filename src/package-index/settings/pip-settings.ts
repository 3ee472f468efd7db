import path from 'node:path';
import { type IniSections, parseIni } from './ini';
import { homeOf, isThere, readIfThere, type Setting } from './setting';

/** Later ones win, over all files: it is a download, which people also configure as an install. */
const sections = ['global', 'install', 'download'] as const;

/** What a user has set for pip, by the names of its options, such as `index-url`. */
export type PipSettings = ReadonlyMap<string, Setting>;

/** Reads pip's configuration files and variables, with pip's own precedence. */
export async function readPipSettings(environment: NodeJS.ProcessEnv): Promise<PipSettings> {
  const files: [string, IniSections][] = [];
  for (const file of await filesOf(environment)) files.push([file, parseIni(await readIfThere(file))]);
  const settings = new Map<string, Setting>();
  const note = (name: string, setting: Setting): void => {
    // As in pip, an empty value sets nothing.
    if (setting.value !== '') settings.set(name.replace(/^--/, '').replaceAll('_', '-'), setting);
  };
  for (const section of sections) {
    for (const [file, ini] of files) {
      for (const [name, value] of ini.get(section) ?? []) note(name, { value, from: `${name} in ${file}` });
    }
  }
  for (const [name, value = ''] of Object.entries(environment)) {
    if (name.startsWith('PIP_')) note(name.slice('PIP_'.length).toLowerCase(), { value, from: name });
  }
  return settings;
}

/** Whether an option without a value is set. */
export function isOn(setting: Setting | undefined): boolean {
  return /^(1|y|yes|t|true|on)$/i.test(setting?.value ?? '');
}

/** The configuration files, those that win last. */
async function filesOf(environment: NodeJS.ProcessEnv): Promise<string[]> {
  const named = environment.PIP_CONFIG_FILE || undefined;
  if (named === '/dev/null') return [];
  const home = homeOf(environment);
  const shared = (environment.XDG_CONFIG_DIRS || '/etc/xdg').split(path.delimiter).filter((folder) => folder !== '');
  const files = [...shared.map((folder) => path.join(folder, 'pip', 'pip.conf')), '/etc/pip.conf'];
  // As in pip, a file that is named and there replaces those of the user.
  if (named === undefined || !(await isThere(named))) {
    const own = environment.XDG_CONFIG_HOME || path.join(home, '.config');
    files.push(path.join(home, '.pip', 'pip.conf'), path.join(own, 'pip', 'pip.conf'));
  }
  const active = environment.VIRTUAL_ENV || environment.CONDA_PREFIX;
  if (active) files.push(path.join(active, 'pip.conf'));
  return named === undefined ? files : [...files, named];
}
