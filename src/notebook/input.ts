import { currentFrontEnd } from '../display/live-output';

/** Asks for a line of text; an empty answer is the default value where there is one. */
export function prompt(message = '', defaultValue = ''): string {
  const hint = defaultValue === '' ? '' : ` [${defaultValue}]`;
  return ask(`${message}${hint} `.trimStart(), false) || defaultValue;
}

/** Asks a question that is answered by yes or no, until it is. */
export function confirm(message = 'OK?'): boolean {
  for (;;) {
    const answer = ask(`${message} [y/n] `, false).trim().toLowerCase();
    if (['y', 'yes'].includes(answer)) return true;
    if (['n', 'no', ''].includes(answer)) return false;
  }
}

/** Asks for something that must not be seen while it is typed, nor in the notebook. */
export function password(message = 'Password:'): string {
  return ask(`${message} `, true);
}

function ask(text: string, secret: boolean): string {
  const notebook = currentFrontEnd();
  if (notebook === undefined) throw new Error('Only a notebook or the REPL can ask');
  return notebook.ask({ text, secret });
}
