/** The scripts of Unicode that have fonts of their own here. */
const scripts = [
  ...['Latin', 'Greek', 'Cyrillic', 'Han', 'Hiragana', 'Katakana', 'Hangul', 'Bopomofo', 'Arabic', 'Hebrew', 'Thai'],
  ...['Devanagari', 'Bengali', 'Tamil', 'Telugu', 'Kannada', 'Malayalam', 'Gujarati', 'Gurmukhi', 'Oriya', 'Sinhala'],
  ...['Khmer', 'Lao', 'Myanmar', 'Tibetan', 'Armenian', 'Georgian', 'Ethiopic', 'Syriac', 'Thaana', 'Braille'],
  ...['Mongolian', 'Cherokee', 'Nko', 'Tifinagh', 'Canadian_Aboriginal', 'Javanese', 'Balinese', 'Yi', 'Adlam'],
] as const;

/** What a letter belongs to: a script, or one of the kinds that every script uses. */
export type LetterKind = (typeof scripts)[number] | 'Emoji' | 'Math' | 'Symbols' | 'Other';

type Script = (typeof scripts)[number];

const bySpelling: readonly (readonly [Script, RegExp, RegExp])[] = scripts.map((name) => [
  name,
  new RegExp(`^\\p{Script=${name}}`, 'u'),
  new RegExp(`^\\p{Script_Extensions=${name}}`, 'u'),
]);

const known = new Map<string, Script | undefined>();

/** The script of a character; undefined if several use it, or it is none of these. */
export function scriptOf(character: string): Script | undefined {
  if (!known.has(character)) known.set(character, bySpelling.find(([, own]) => own.test(character))?.[0]);
  return known.get(character);
}

/** What a letter (a grapheme) belongs to, to choose a font for it. */
export function kindOf(letter: string): LetterKind {
  const script = scriptOf(letter);
  if (script !== undefined) return script;
  if (/\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u20e3/u.test(letter)) return 'Emoji';
  if (/^\p{Script=Common}/u.test(letter)) {
    const shared = bySpelling.find(([, , users]) => users.test(letter))?.[0];
    return shared ?? (/^\p{Sm}|^[\u{1d400}-\u{1d7ff}]/u.test(letter) ? 'Math' : 'Symbols');
  }
  return 'Other';
}

/** How a kind of letters is called in a sentence. */
export function nameOfKind(kind: LetterKind): string {
  const names: Partial<Record<LetterKind, string>> = {
    Han: 'Chinese characters (Han)',
    Hangul: 'Korean (Hangul)',
    Emoji: 'emoji',
    Math: 'mathematical signs',
    Symbols: 'symbols',
    Other: 'letters of another script',
  };
  return names[kind] ?? kind.replaceAll('_', ' ');
}
