"""Writes shaping.json: what HarfBuzz itself (uharfbuzz) makes of some texts with the fonts of the tests.

python3 -m venv v && v/bin/pip install uharfbuzz fonttools && v/bin/python test/fonts/shaping.py
"""
import io
import json
import pathlib

import uharfbuzz
from fontTools.ttLib import TTFont

here = pathlib.Path(__file__).parent
fonts = here.parent.parent / "node_modules" / "@fontsource"
cases = {
    "arabic": ["السلام عليكم", "لا إله", "مُحَمَّد", "بيت", "ب ي ت", "کتاب‌ها", "١٢٣"],
    "devanagari": ["नमस्ते", "क्षत्रिय", "हिन्दी", "र्कि", "त्र"],
}


def shape(script, text):
    font = TTFont(fonts / f"noto-sans-{script}" / "files" / f"noto-sans-{script}-{script}-600-normal.woff")
    font.flavor = None
    data = io.BytesIO()
    font.save(data)
    face = uharfbuzz.Face(data.getvalue())
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(uharfbuzz.Font(face), buffer)
    glyphs = zip(buffer.glyph_infos, buffer.glyph_positions)
    rows = [[i.codepoint, i.cluster, p.x_advance, p.x_offset, p.y_offset] for i, p in glyphs]
    return {"script": script, "text": text, "direction": str(buffer.direction), "unitsPerEm": face.upem, "glyphs": rows}


results = [shape(script, text) for script, texts in cases.items() for text in texts]
lines = ",\n".join("  " + json.dumps(result, ensure_ascii=False) for result in results)
(here / "shaping.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
