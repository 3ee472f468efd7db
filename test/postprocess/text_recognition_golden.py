"""Writes test/golden/text-recognition.json: what the decoders of PaddleX 3.7.2 and RapidOCR 1.4.5 make of random
probabilities, and what python-bidi 0.6 makes of texts with Arabic. Needs those packages."""

import base64
import json
import pathlib
import random
import sys

import numpy as np
from bidi.algorithm import get_display
from rapidocr_paddle.ch_ppocr_rec.utils import CTCLabelDecode as RapidDecode

root = pathlib.Path(__file__).parents[1]
sys.path.insert(0, str(root / "long"))
corpus = __import__("text-corpus")
PaddlexDecode = corpus.paddlex_processors().CTCLabelDecode


def decoded(number):
    r = np.random.RandomState(number)
    characters = list("0123456789abcXYZ中文字符。") + ["é", "ab", "👍"][: number % 4]
    columns, classes = int(r.randint(1, 40)), len(characters) + 2
    # Multiples of 1/256, which float32 has.
    values = r.randint(0, 180, (columns, classes)).astype(np.uint8)
    best = r.choice(classes, columns)
    best[r.rand(columns) < 0.4] = 0
    for column in range(columns):
        if column > 0 and r.rand() < 0.4:
            best[column] = best[column - 1]
        values[column, best[column]] = r.randint(170, 256)
    probabilities = (values.astype(np.float32) / 256)[None]
    texts, scores = PaddlexDecode(character_list=list(characters))([probabilities])
    ((text, score),) = RapidDecode(character=list(characters))(probabilities)
    return {
        "characters": characters,
        "columns": columns,
        "values": base64.b64encode(values.tobytes()).decode(),
        "paddlex": {"text": texts[0], "score": float(scores[0])},
        "rapidocr": {"text": text, "score": float(score)},
    }


def arabic(number):
    r = random.Random(number)
    letters, digits = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي", "٠١٢٣٤٥٦٧٨٩"
    words = []
    for _ in range(r.randint(1, 6)):
        words.append(
            r.choice(
                [
                    *["".join(r.choice(letters) for _ in range(r.randint(1, 7)))] * 6,
                    *[str(r.randint(0, 99999)), f"{r.randint(0, 99)}.{r.randint(0, 99)}", "abc", "USD"],
                    "".join(r.choice(digits) for _ in range(3)),
                    r.choice(["-", ":", "%", "/", "،", "؟", "!"]),
                ]
            )
        )
    if number % 3 == 0:
        place = r.randrange(len(words))
        words[place] = r.choice(["(%s)", "[%s]", "«%s»"]) % words[place]
    text = (" " if number % 4 else "").join(words)
    return [text, get_display(text)]


golden = {"decoded": [decoded(n) for n in range(12)], "displayed": [arabic(n) for n in range(60)]}
(root / "golden" / "text-recognition.json").write_text(json.dumps(golden, ensure_ascii=False, indent=1))
