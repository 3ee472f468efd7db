import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { PaddleLabError } from '../../errors';
import { bare, isLoopback } from '../loopback';
import type { ServeSettings } from '../options';

/**
 * Refuses requests that pages of other sites make a browser on this machine send: with their `Origin`, or, where the
 * server listens on loopback, by a name that a page's owner lets point there (DNS rebinding). With a token nothing is
 * checked: such pages don't have it.
 *
 * @throws PaddleLabError LOGIN_FAILED
 */
export function browserCheck({ token, host, allowedHosts }: ServeSettings): (request: IncomingMessage) => void {
  if (token !== undefined) return () => undefined;
  const checksName = isLoopback(host);
  return ({ headers: { origin, host: asked } }) => {
    // Programs without a browser send neither.
    if (asked === undefined) return;
    if (origin !== undefined && hostOf(origin)?.host !== asked.toLowerCase()) {
      throw refused(`from a page of ${shown(origin)}`);
    }
    if (!checksName) return;
    const name = hostOf(`http://${asked}`)?.hostname;
    if (name !== undefined && (isLoopback(name) || isIP(bare(name)) !== 0 || allowedHosts.includes(name))) return;
    throw refused(`for the host ${shown(asked)}`, ', or name the host in allowedHosts (--allowed-hosts)');
  };
}

function hostOf(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined;
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}

function refused(what: string, more = ''): PaddleLabError {
  const text = `This server has no token and takes no request ${what}; start it with a token${more}`;
  return new PaddleLabError('LOGIN_FAILED', text);
}
