/** The values of each section by their names in lower case; those before the first section are in section ''. */
export type IniSections = ReadonlyMap<string, ReadonlyMap<string, string>>;

/**
 * Reads an INI file as Python's configparser does: `name = value` or `name: value`; indented lines continue a value.
 *
 * @param separators between a name and its value; in npm's files a name may have a colon
 */
export function parseIni(text: string, separators: ':=' | '=' = ':='): IniSections {
  const pair = new RegExp(`^([^${separators}]*)[${separators}]?(.*)$`);
  const sections = new Map<string, Map<string, string>>();
  let section = new Map<string, string>();
  sections.set('', section);
  let last: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*([#;]|$)/.test(line)) continue;
    const head = /^\[([^\]]*)\]/.exec(line)?.[1];
    if (head !== undefined) {
      section = sections.get(head) ?? new Map();
      sections.set(head, section);
      last = undefined;
    } else if (/^\s/.test(line) && last !== undefined) {
      section.set(last, `${section.get(last)}\n${line.trim()}`.trim());
    } else {
      const [, name = '', value = ''] = pair.exec(line.trim()) ?? [];
      last = name.trim().toLowerCase();
      section.set(last, value.trim());
    }
  }
  return sections;
}
