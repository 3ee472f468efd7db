import { currentFrontEnd } from '../display/live-output';

/** Asks for a line of text; an empty answer gives the default value, if any. */
export function prompt(message = '', defaultValue = ''): string {
  const hint = defaultValue === '' ? '' : ` [${defaultValue}]`;
  return ask(`${message}${hint} `.trimStart(), false) || defaultValue;
}

/** Asks a yes/no question until it gets a valid answer. */
export function confirm(message = 'OK?'): boolean {
  for (;;) {
    const answer = ask(`${message} [y/n] `, false).trim().toLowerCase();
    if (['y', 'yes'].includes(answer)) return true;
    if (['n', 'no', ''].includes(answer)) return false;
  }
}

/** Asks for a secret, which is shown neither while typing nor in the notebook. */
export function password(message = 'Password:'): string {
  return ask(`${message} `, true);
}

function ask(text: string, secret: boolean): string {
  const notebook = currentFrontEnd();
  if (notebook === undefined) throw new Error('Only a notebook or the REPL can ask');
  return notebook.ask({ text, secret });
}
