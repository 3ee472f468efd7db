/**
 * Characters that a terminal interprets instead of showing (C0 and C1 controls, DEL), and characters that change the
 * text direction or end the line. Labels, file names and external messages may contain them.
 */
const controls =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

const shortForms: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Text for one line of a terminal or of `text/plain`: controls are shown escaped, as in JSON (`\u001b`, `\n`). */
export function showControls(text: string): string {
  return text.replace(controls, escapeControl);
}

/** The same for multi-line text: line breaks and tabs are kept. */
export function showControlsInLines(text: string): string {
  return text.replace(controls, (control) => (control === '\n' || control === '\t' ? control : escapeControl(control)));
}

function escapeControl(control: string): string {
  return shortForms[control] ?? `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
