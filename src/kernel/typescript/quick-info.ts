/** A hover of the server as plain text: the type, an empty line, the documentation; undefined if it says nothing. */
export function plainHover(markdown: string): string | undefined {
  const [, code = '', rest = ''] = /^```\w*\n([\s\S]*?)\n```\n?([\s\S]*)$/.exec(markdown.trim()) ?? [];
  const type = code
    .split('\n')
    // How a name of an earlier cell comes into this one.
    .filter((line) => !/^import [\w$]+ = __cells\./.test(line))
    .join('\n')
    .replace(/^\(alias\) /gm, '');
  if (type === '' || type === 'any') return undefined;
  const text = rest.trim();
  return text === '' ? type : `${type}\n\n${text}`;
}
