import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FontName, fonts } from '../../src';
import { lineOf } from '../../src/drawing/line';
import { makeFolder } from '../helpers/folders';

// Every font of the catalogue is fetched from the real registry, in the pinned version, and draws its script.

/** Text of each font that the package's own fonts lack, of different forms. */
const samples: Readonly<Record<FontName, string>> = {
  arabic: 'السلام عليكم ورحمة الله، مُحَمَّد ١٢٣ کتاب‌ها',
  hebrew: 'שָׁלוֹם עולם',
  thai: 'ที่นี่ น้ำ กรุงเทพฯ ๑๒๓',
  devanagari: 'नमस्ते क्षत्रिय र्कि ।',
  bengali: 'বাংলা ক্ষত্রিয়',
  tamil: 'தமிழ் க்ஷௌ',
  telugu: 'తెలుగు క్ష్మ',
  kannada: 'ಕನ್ನಡ ಕ್ಷೌ',
  malayalam: 'മലയാളം ക്ഷ',
  gujarati: 'ગુજરાતી ક્ષ',
  gurmukhi: 'ਪੰਜਾਬੀ',
  oriya: 'ଓଡ଼ିଆ କ୍ଷ',
  sinhala: 'සිංහල ක්‍ෂ',
  khmer: 'ភាសាខ្មែរ',
  lao: 'ພາສາລາວ',
  myanmar: 'မြန်မာဘာသာ',
  tibetan: 'བོད་སྐད',
  armenian: 'Հայերեն',
  georgian: 'ქართული',
  ethiopic: 'አማርኛ',
  syriac: 'ܣܘܪܝܝܐ',
  thaana: 'ދިވެހި',
  'traditional-chinese': '啟囪晉',
  japanese: '働込峠凪',
  korean: '한국어 뷁 각',
  'simplified-chinese': '堃喆',
  'rare-han': '𨋢𡃁',
  emoji: '😀 👍🏽 👨‍👩‍👧 🇩🇪 1️⃣',
  symbols: '☿ ⚢',
  'symbols-2': '⠿ ✂ ❋',
  math: '∮ ℝ 𝒜',
};

const before = process.env.PADDLELAB_FONT_CACHE;
beforeAll(() => {
  process.env.PADDLELAB_FONT_CACHE = makeFolder();
});
afterAll(() => {
  if (before === undefined) delete process.env.PADDLELAB_FONT_CACHE;
  else process.env.PADDLELAB_FONT_CACHE = before;
});

test.each(Object.entries(samples) as [FontName, string][])('%s draws %s', async (name, text) => {
  // Each by itself, so that it can't be helped by another one.
  process.env.PADDLELAB_FONT_CACHE = makeFolder();
  const { size } = await fonts.pull(name, { onProgress: () => undefined });
  expect(lineOf(text).missing).toEqual([]);
  expect(size).toBeGreaterThan(5000);
  expect(size).toBeLessThan(7e6);
});

test('all fonts of the list are tried', () => {
  expect(Object.keys(samples).sort()).toEqual(
    fonts
      .list()
      .map(({ name }) => name)
      .sort(),
  );
});
