/** A name and a password for a server. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

/** Reads a netrc file: the login of each machine; that of `default` is under ''. */
export function parseNetrc(text: string): ReadonlyMap<string, Login> {
  const logins = new Map<string, Login>();
  // A macro ends with an empty line.
  const words = text
    .replace(/^\s*macdef\b[\s\S]*?(\n[ \t]*\n|$)/gm, '')
    .replace(/^\s*#.*$/gm, '')
    .matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g);
  let machine: string | undefined;
  let name: string | undefined;
  for (const [, quoted, bare = ''] of words) {
    const word = quoted?.replace(/\\(.)/g, '$1') ?? bare;
    if (name === 'machine') machine = word.toLowerCase();
    else if (name !== undefined && machine !== undefined) {
      const { user = '', password = '' } = logins.get(machine) ?? {};
      if (name === 'login') logins.set(machine, { user: word, password });
      if (name === 'password') logins.set(machine, { user, password: word });
    } else if (name === undefined && word === 'default') {
      machine = '';
      continue;
    }
    name = name === undefined ? word : undefined;
  }
  return logins;
}
