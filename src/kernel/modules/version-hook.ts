import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';

/** The versions of the user's modules, by their URLs without a version. */
export type Versions = Record<string, string>;

interface Resolved {
  url: string;
}

// Node runs this in the thread in which it resolves imports; see `ModuleGraph`.

let messages: MessagePort | undefined;
const versions: Versions = {};

/** Called by Node with the data that the hook was registered with. */
export function initialize(port: MessagePort): void {
  messages = port;
}

/** Called by Node for each import: imports of a versioned module get a version, too. */
export async function resolve<T extends Resolved>(
  specifier: string,
  context: { parentURL?: string },
  next: (specifier: string, context: object) => Promise<T>,
): Promise<T> {
  const resolved = await next(specifier, context);
  if (!context.parentURL?.includes('?version=')) return resolved;
  takeMessages();
  const version = versions[resolved.url];
  return version === undefined ? resolved : { ...resolved, url: `${resolved.url}?version=${version}` };
}

function takeMessages(): void {
  for (;;) {
    const message = messages && receiveMessageOnPort(messages);
    if (message === undefined) return;
    Object.assign(versions, message.message);
  }
}
