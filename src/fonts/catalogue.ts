import type { NpmPackage } from '../package-index/npm-package';
import { packages } from './packages';
import type { LetterKind } from './scripts';

/** A font that can be fetched. */
export interface CatalogueFont {
  /** As its designers call it. */
  readonly family: string;
  /** Size of the download. */
  readonly megabytes: number;
  /** What it is fetched for; it has more, such as Latin letters. */
  readonly scripts: readonly LetterKind[];
  /** The files of the package that are kept: names of its subsets. */
  readonly subsets: readonly string[];
  /** Whether the package has all other letters in numbered files, which are kept too. */
  readonly sliced: boolean;
  readonly weight: number;
}

type Details = Partial<Pick<CatalogueFont, 'subsets' | 'sliced' | 'weight'>>;

/** Semi Bold as the fonts in the package, where there is one; all are under the SIL Open Font License 1.1. */
function font(family: string, megabytes: number, scripts: readonly LetterKind[], details: Details = {}): CatalogueFont {
  const [first = ''] = scripts;
  return { family, megabytes, scripts, subsets: [first.toLowerCase()], sliced: false, weight: 600, ...details };
}

/** The fonts by name; of several that have a letter, the first one is used. Their digests are in `packages.ts`. */
export const catalogue = {
  arabic: font('Noto Sans Arabic', 1.8, ['Arabic']),
  hebrew: font('Noto Sans Hebrew', 0.5, ['Hebrew']),
  thai: font('Noto Sans Thai', 0.5, ['Thai']),
  devanagari: font('Noto Sans Devanagari', 1.4, ['Devanagari']),
  bengali: font('Noto Sans Bengali', 1.3, ['Bengali']),
  tamil: font('Noto Sans Tamil', 0.6, ['Tamil']),
  telugu: font('Noto Sans Telugu', 1.2, ['Telugu']),
  kannada: font('Noto Sans Kannada', 0.9, ['Kannada']),
  malayalam: font('Noto Sans Malayalam', 0.9, ['Malayalam']),
  gujarati: font('Noto Sans Gujarati', 1.4, ['Gujarati']),
  gurmukhi: font('Noto Sans Gurmukhi', 0.6, ['Gurmukhi']),
  oriya: font('Noto Sans Oriya', 1.2, ['Oriya']),
  sinhala: font('Noto Sans Sinhala', 1.2, ['Sinhala']),
  khmer: font('Noto Sans Khmer', 0.8, ['Khmer']),
  lao: font('Noto Sans Lao', 0.5, ['Lao']),
  myanmar: font('Noto Sans Myanmar', 1.4, ['Myanmar']),
  tibetan: font('Noto Serif Tibetan', 4.5, ['Tibetan']),
  armenian: font('Noto Sans Armenian', 0.5, ['Armenian']),
  georgian: font('Noto Sans Georgian', 0.9, ['Georgian']),
  ethiopic: font('Noto Sans Ethiopic', 2.1, ['Ethiopic']),
  syriac: font('Noto Sans Syriac', 0.7, ['Syriac']),
  thaana: font('Noto Sans Thaana', 0.5, ['Thaana']),
  'traditional-chinese': font('Noto Sans TC', 66.8, ['Han', 'Bopomofo'], {
    subsets: ['chinese-traditional'],
    sliced: true,
  }),
  japanese: font('Noto Sans JP', 79.0, ['Han', 'Hiragana', 'Katakana'], { subsets: ['japanese'], sliced: true }),
  korean: font('Noto Sans KR', 49.8, ['Hangul', 'Han'], { subsets: ['korean'], sliced: true }),
  'simplified-chinese': font('Noto Sans SC', 73.4, ['Han'], { subsets: ['chinese-simplified'], sliced: true }),
  'rare-han': font('Chiron Hei HK', 186.0, ['Han'], { subsets: ['chinese-traditional'], sliced: true }),
  emoji: font('Noto Emoji', 11.0, ['Emoji']),
  symbols: font('Noto Sans Symbols', 1.6, ['Symbols']),
  'symbols-2': font('Noto Sans Symbols 2', 0.8, ['Symbols', 'Braille'], {
    subsets: ['symbols', 'braille', 'math', 'mayan-numerals'],
    weight: 400,
  }),
  math: font('Noto Sans Math', 0.5, ['Math', 'Symbols'], { subsets: ['latin'], weight: 400 }),
} as const satisfies Readonly<Record<string, CatalogueFont>>;

/** The name of a font that can be fetched. */
export type FontName = keyof typeof catalogue;

export const fontNames = Object.keys(catalogue) as FontName[];

export const licence = 'OFL-1.1';

/** The package of a font, in its pinned version. */
export function packageOf(name: FontName): NpmPackage {
  const id = idOf(name);
  const [version = '', integrity = ''] = (packages[id] ?? '').split(' ');
  return { name: `@fontsource/${id}`, version, integrity };
}

/** Whether a file of the package is kept. */
export function isKept(name: FontName, file: string): boolean {
  const { subsets, sliced, weight }: CatalogueFont = catalogue[name];
  const start = `${idOf(name)}-`;
  const end = `-${weight}-normal.woff`;
  if (!file.startsWith(start) || !file.endsWith(end)) return false;
  const subset = file.slice(start.length, -end.length);
  return subsets.includes(subset) || (sliced && /^\d+$/.test(subset));
}

function idOf(name: FontName): string {
  return catalogue[name].family.toLowerCase().replaceAll(' ', '-');
}
