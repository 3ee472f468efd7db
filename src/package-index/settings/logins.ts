import path from 'node:path';
import { type Login, parseNetrc } from './netrc';
import { homeOf, readIfThere } from './setting';

/** The logins that were given in URLs, else those of the user's netrc file. */
export class Logins {
  /** By origin: a login is only sent to the server that it was given for. */
  private readonly given = new Map<string, Login>();

  private constructor(private readonly netrc: ReadonlyMap<string, Login>) {}

  static async read(environment: NodeJS.ProcessEnv): Promise<Logins> {
    const home = homeOf(environment);
    const files = environment.NETRC ? [environment.NETRC] : [path.join(home, '.netrc'), path.join(home, '_netrc')];
    const texts = await Promise.all(files.map(readIfThere));
    return new Logins(parseNetrc(texts.find((text) => text !== '') ?? ''));
  }

  /** Notes the login in a URL, and returns the URL without it. */
  take(url: URL): URL {
    if (url.username === '' && url.password === '') return url;
    const bare = new URL(url);
    bare.username = '';
    bare.password = '';
    this.given.set(url.origin, { user: decode(url.username), password: decode(url.password) });
    return bare;
  }

  /** The header `Authorization` for a server. */
  header(server: URL): string | undefined {
    const login = this.given.get(server.origin) ?? this.netrc.get(server.hostname) ?? this.netrc.get('');
    if (login === undefined) return undefined;
    return `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A percent sign that stands for itself.
    return text;
  }
}
