import path from 'node:path';
import { parseIni } from './ini';
import { homeOf, readIfThere, type Setting } from './setting';

/** What a user has set for npm, by the names of its options, such as `https-proxy`. */
export type NpmSettings = ReadonlyMap<string, Setting>;

/**
 * Reads the user's and the machine's npmrc, and the variables `npm_config_…`, which win. The file of a project is left
 * out: a folder that someone else has written must not choose a proxy and its certificates.
 */
export async function readNpmSettings(environment: NodeJS.ProcessEnv): Promise<NpmSettings> {
  const settings = new Map<string, Setting>();
  const note = (name: string, setting: Setting): void => {
    if (setting.value !== '' && setting.value !== 'null') settings.set(name, setting);
  };
  const variables = new Map(Object.entries(environment).map(([name, value = '']) => [name.toLowerCase(), value]));
  const machine = path.join(path.dirname(path.dirname(process.execPath)), 'etc', 'npmrc');
  for (const file of [
    variables.get('npm_config_globalconfig') || machine,
    variables.get('npm_config_userconfig') || path.join(homeOf(environment), '.npmrc'),
  ]) {
    for (const [name, value] of parseIni(await readIfThere(file), '=').get('') ?? []) {
      note(name, { value: expand(value, environment), from: `${name} in ${file}` });
    }
  }
  for (const [name, value] of variables) {
    if (!name.startsWith('npm_config_')) continue;
    const option = name.slice('npm_config_'.length);
    // Names of logins, such as `//registry.npmjs.org/:_authToken`, are kept.
    note(option.startsWith('//') ? option : option.replaceAll('_', '-'), { value, from: name });
  }
  return settings;
}

function expand(text: string, environment: NodeJS.ProcessEnv): string {
  const bare = /^(["'])(.*)\1$/.exec(text)?.[2] ?? text;
  return bare.replace(/\$\{([^}]+)\}/g, (whole, name: string) => environment[name] ?? whole);
}
