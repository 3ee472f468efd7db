"""Makes pictures of text, and writes down what RapidOCR and PaddleX read in them, with RapidOCR's networks on Paddle.

Usage: text-corpus.py FOLDER FONTS COUNT, where FONTS are folders with more fonts, separated by ":". FOLDER gets images/*.png and
corpus.json, for each image:
- size, and `processed`: the picture that is searched, if RapidOCR resizes or pads it first
- detected: boxes and scores of the detector in `processed`, before small ones are left out
- crops: the lines in RapidOCR's order, each with its corners in `processed`, its size once it is cut out, the SHA-256 of
  its RGB pixels, whether it was turned by 180°, the SHA-256 of PaddleX's tensor, and what both pipelines read
- lines: the answer of RapidOCR's pipeline in the original image
- written: the text that was drawn, if it is known

The same arguments give the same pictures, as long as the fonts and Pillow are the same."""

import glob
import hashlib
import importlib
import io
import json
import os
import pathlib
import random
import sys
import types

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from rapidocr_paddle import RapidOCR

ENGLISH = """Alice was beginning to get very tired of sitting by her sister on the bank and of having nothing to do: once
or twice she had peeped into the book her sister was reading, but it had no pictures or conversations in it, "and what is
the use of a book," thought Alice "without pictures or conversations?" So she was considering in her own mind (as well as
she could, for the hot day made her feel very sleepy and stupid), whether the pleasure of making a daisy-chain would be
worth the trouble of getting up and picking the daisies, when suddenly a White Rabbit with pink eyes ran close by her.
Invoice No. 2024-0815 Total $1,249.50 VAT 19% Tel. +49 30 901820 info@example.org https://example.org/a?b=1 10:45 A.M.
ISBN 978-3-16-148410-0 Gate B27 EXIT Platform 9 3/4 50km/h 12.5mm [Fig. 3] {x, y} <tag> a_b #42 & Co. 100% *new*""".split()

CHINESE = """天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜金生丽水玉出昆冈剑号巨阙珠称夜光
果珍李柰菜重芥姜海咸河淡鳞潜羽翔龙师火帝鸟官人皇始制文字乃服衣裳推位让国有虞陶唐吊民伐罪周发殷汤坐朝问道垂拱平章爱育黎首
臣伏戎羌遐迩一体率宾归王鸣凤在竹白驹食场化被草木赖及万方，。！？：；（）《》、“”总计金额电话地址中华人民共和国北京市上海路出口入口
""".replace("\n", "")

MIXED = ["共计 ¥1,280.00 元", "Wi-Fi 密码: 8848", "第3章 Chapter 3", "北京 Beijing 2008", "A座12层", "G1024次 08:15开", "Vitamin C 维生素"]


class Fonts:
    """The fonts of this machine by what they can draw, in an order that does not depend on the machine."""

    def __init__(self, folders):
        found = [f for place in ("/usr/share/fonts", *folders) for f in glob.glob(f"{place}/**/*", recursive=True)]
        found = [f for f in found if f.lower().endswith((".ttf", ".otf", ".ttc", ".woff"))]
        found.sort(key=os.path.basename)
        self.latin = [f for f in found if self.draws(f, "AaZz09@é")]
        self.chinese = [f for f in found if self.draws(f, "天地玄黄密码，")]
        if not self.latin or not self.chinese:
            sys.exit("Expected fonts with Latin and with Chinese characters, such as fonts-dejavu and fonts-wqy-zenhei")

    @staticmethod
    def draws(file, text):
        try:
            font = ImageFont.truetype(file, 20)
            shapes = {bytes(font.getmask(c)) + bytes(str(font.getmask(c).size), "ascii") for c in text}
        except Exception:
            return False
        # What a font lacks has the same shape everywhere.
        return len(shapes) == len(text)


class Painter:
    """Draws pictures; each has its own random numbers."""

    def __init__(self, fonts, seed):
        self.fonts = fonts
        self.r = random.Random(seed)
        self.noise = np.random.RandomState(seed)

    def words(self, kind):
        if kind == "mixed" and self.r.random() < 0.4:
            return self.r.choice(MIXED)
        if kind == "chinese" or (kind == "mixed" and self.r.random() < 0.5):
            start = self.r.randrange(len(CHINESE) - 20)
            return CHINESE[start : start + self.r.randint(2, 16)]
        start = self.r.randrange(len(ENGLISH) - 10)
        return " ".join(ENGLISH[start : start + self.r.randint(1, 7)])

    def font(self, kind, size):
        return ImageFont.truetype(self.r.choice(self.fonts.latin if kind == "english" else self.fonts.chinese), size)

    def colours(self, contrast):
        dark = np.array([self.r.randint(0, 110) for _ in range(3)])
        light = np.clip(dark + contrast + np.array([self.r.randint(0, 40) for _ in range(3)]), 0, 255)
        pair = [tuple(int(v) for v in dark), tuple(int(v) for v in light)]
        return pair if self.r.random() < 0.75 else pair[::-1]

    def page(self, kind, size, width, height, contrast):
        ink, paper = self.colours(contrast)
        image = Image.new("RGB", (width, height), paper)
        draw = ImageDraw.Draw(image)
        written, y = [], self.r.randint(2, 20)
        while y + size * 1.3 < height and len(written) < 14:
            font, text = self.font(kind, size), self.words(kind)
            while text and draw.textlength(text, font) > width - 12:
                text = text[:-1].rstrip()
            if text:
                x = self.r.randint(4, max(4, int(width - draw.textlength(text, font) - 4)))
                draw.text((x, y), text, font=font, fill=ink)
                written.append(text)
            y += int(size * self.r.uniform(1.35, 2.4))
        return image, written

    def columns(self, size, width, height):
        """Chinese from top to bottom."""
        ink, paper = self.colours(140)
        image = Image.new("RGB", (width, height), paper)
        draw = ImageDraw.Draw(image)
        written, x = [], width - int(size * 1.6)
        while x > 4:
            font, text = self.font("chinese", size), self.words("chinese")[: max(2, height // size - 2)]
            for i, character in enumerate(text):
                draw.text((x, 8 + i * size * 1.08), character, font=font, fill=ink)
            written.append(text)
            x -= int(size * 1.9)
        return image, written

    def turned(self, image, degrees):
        return image.rotate(degrees, expand=True, resample=Image.BICUBIC, fillcolor=image.getpixel((0, 0)))

    def slanted(self, image):
        w, h = image.size
        corners = np.float32([[0, 0], [w, 0], [w, h], [0, h]])
        moved = corners + self.noise.uniform(-0.12, 0.12, (4, 2)).astype(np.float32) * [w, h]
        matrix = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
        return Image.fromarray(cv2.warpPerspective(np.array(image), matrix, (w, h), borderMode=cv2.BORDER_REPLICATE))

    def shaded(self, image):
        """Light falls from one side."""
        w, h = image.size
        ramp = np.linspace(self.r.uniform(0.35, 0.7), 1, w)[None, :, None] * np.linspace(1, self.r.uniform(0.7, 1), h)[:, None, None]
        return Image.fromarray((np.array(image) * ramp).astype(np.uint8))

    def noisy(self, image, sigma):
        noisy = np.array(image).astype(np.float32) + self.noise.normal(0, sigma, (image.size[1], image.size[0], 3))
        return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))

    def compressed(self, image, quality):
        packed = io.BytesIO()
        image.save(packed, "JPEG", quality=quality)
        return Image.open(packed).convert("RGB")

    def draw(self, number):
        kind = ("english", "chinese", "mixed")[number % 3]
        scene = number // 3 % 10
        if scene == 0:
            return self.page(kind, self.r.randint(22, 40), self.r.randint(500, 900), self.r.randint(400, 800), 150)
        if scene == 1:
            return self.page(kind, self.r.randint(11, 16), self.r.randint(300, 500), self.r.randint(200, 400), 150)
        if scene == 2:
            image, written = self.page(kind, self.r.randint(24, 40), 640, 420, 130)
            return self.turned(image, self.r.uniform(-35, 35)), written
        if scene == 3:
            image, written = self.page(kind, self.r.randint(26, 44), 700, 500, 140)
            return self.slanted(image), written
        if scene == 4:
            return self.page(kind, self.r.randint(24, 48), 640, 360, self.r.randint(25, 60))
        if scene == 5:
            image, written = self.page(kind, self.r.randint(24, 40), 640, 480, 120)
            return self.noisy(image, self.r.uniform(8, 40)), written
        if scene == 6:
            image, written = self.page(kind, self.r.randint(24, 40), 600, 400, 140)
            blurred = image.filter(ImageFilter.GaussianBlur(self.r.uniform(0.6, 2)))
            return self.compressed(blurred, self.r.randint(8, 60)), written
        if scene == 7:
            if kind == "english":
                image, written = self.page(kind, self.r.randint(24, 36), 600, 420, 150)
                return self.turned(image, self.r.choice((90, 180, 270))), written
            return self.columns(self.r.randint(24, 44), self.r.randint(200, 500), self.r.randint(300, 600))
        if scene == 8:
            image, written = self.page(kind, self.r.randint(60, 120), self.r.randint(600, 1000), self.r.randint(220, 420), 120)
            return self.shaded(image), written
        if self.r.random() < 0.5:
            size = self.r.randint(12, 20)
            return self.page(kind, size, self.r.randint(40, 160), int(size * 2), 150)
        size = self.r.randint(20, 30)
        return self.page(kind, size, self.r.randint(900, 1500), int(size * 3), 150)


def photographs():
    """Those of scikit-image that show text, in several sizes and turned."""
    import skimage

    folder = pathlib.Path(skimage.__file__).parent / "data"
    for name in ("page.png", "text.png", "rocket.jpg", "coffee.png", "motorcycle_left.png", "logo.png", "clock_motion.png"):
        file = folder / name
        if not file.exists():
            continue
        image = Image.open(file).convert("RGB")
        for scale, degrees in ((1, 0), (1.7, 0), (1, 7)):
            size = [max(1, round(side * scale)) for side in image.size]
            changed = image if scale == 1 else image.resize(size, Image.BICUBIC)
            yield f"{file.stem}-{scale}-{degrees}", changed.rotate(degrees, expand=True, resample=Image.BICUBIC)


def paddlex_processors():
    """The module of PaddleX alone: its packages import much that reading text does not need."""
    spec = importlib.util.find_spec("paddlex")
    place = spec.submodule_search_locations[0]
    for name in ("", ".utils", ".inference", ".inference.utils", ".inference.models", ".inference.models.text_recognition"):
        package = types.ModuleType(f"paddlex{name}")
        package.__path__ = [place + name.replace(".", "/")]
        sys.modules[package.__name__] = package
    unchanged = lambda value: value
    deps = types.ModuleType("paddlex.utils.deps")
    deps.class_requires_deps = lambda *names: unchanged
    deps.is_dep_available = lambda name: True
    benchmark = types.ModuleType("paddlex.inference.utils.benchmark")
    benchmark.benchmark = types.SimpleNamespace(timeit=unchanged)
    sys.modules[deps.__name__] = deps
    sys.modules[benchmark.__name__] = benchmark
    return importlib.import_module("paddlex.inference.models.text_recognition.processors")


def digest(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


class PaddlexReader:
    """PaddleX's processors around RapidOCR's network, lines in the order of PaddleX's OCR pipeline."""

    def __init__(self, engine, batch):
        self.p = paddlex_processors()
        self.session = engine.text_rec.session
        characters = engine.text_rec.postprocess_op.character
        # It adds blank and space itself.
        self.decode = self.p.CTCLabelDecode(character_list=list(characters[1:-1]))
        self.resize = self.p.OCRReisizeNormImg(rec_image_shape=[3, 48, 320])
        self.stack = self.p.ToBatch()
        self.batch = batch

    def read(self, crops):
        tensors = self.resize(crops)
        order = sorted(range(len(crops)), key=lambda i: crops[i].shape[1] / float(crops[i].shape[0]))
        answers = [None] * len(crops)
        for start in range(0, len(order), self.batch):
            places = order[start : start + self.batch]
            (stacked,) = self.stack([tensors[i] for i in places])
            texts, scores = self.decode(self.session(stacked))
            for i, text, score in zip(places, texts, scores):
                answers[i] = {"text": text, "score": float(score)}
        return answers, [digest(tensor) for tensor in tensors]


def read(engine, paddlex, file):
    original = engine.load_img(str(file))
    height, width = original.shape[:2]
    answer = {"image": file.name, "size": [width, height], "detected": [], "crops": [], "lines": []}
    image, ratio_h, ratio_w = engine.preprocess(original)
    record = {"preprocess": {"ratio_h": ratio_h, "ratio_w": ratio_w}}
    image, record = engine.maybe_add_letterbox(image, record)
    if image is not original:
        answer["processed"] = f"{file.stem}-processed.png"
        cv2.imwrite(str(file.with_name(answer["processed"])), image)
    keep, found = engine.text_det.postprocess_op, []

    def keeping(*arguments):
        found[:] = keep(*arguments)
        return found

    engine.text_det.postprocess_op = keeping
    boxes, _ = engine.auto_text_det(image)
    engine.text_det.postprocess_op = keep
    answer["detected"] = [{"box": np.array(b).tolist(), "score": float(s)} for b, s in zip(*found)]
    if boxes is None:
        return answer
    crops = engine.get_crop_img_list(image, boxes)
    upright, classes, _ = engine.text_cls(crops)
    lines, _ = engine.text_rec(upright)
    theirs, tensors = paddlex.read(upright)
    _, upside_down, _ = engine.text_cls([cv2.rotate(crop, cv2.ROTATE_180) for crop in crops])
    for i, crop in enumerate(crops):
        answer["crops"].append(
            {
                "corners": boxes[i].tolist(),
                "size": [crop.shape[1], crop.shape[0]],
                "pixels": digest(crop[:, :, ::-1]),
                "orientation": {"label": classes[i][0], "score": float(classes[i][1])},
                "upsideDown": {"label": upside_down[i][0], "score": float(upside_down[i][1])},
                "turned": bool((crop.shape != upright[i].shape) or not np.array_equal(crop, upright[i])),
                "tensor": tensors[i],
                "rapidocr": {"text": lines[i][0], "score": float(lines[i][1])},
                "paddlex": theirs[i],
            }
        )
    original_boxes = engine._get_origin_points(boxes, record, height, width)
    final = engine.get_final_res(original_boxes, None, lines, 0, 0, 0)[0] or []
    answer["lines"] = [{"box": box, "text": text, "score": float(score)} for box, text, score in final]
    return answer


def main(folder, fonts, count):
    images = pathlib.Path(folder) / "images"
    images.mkdir(parents=True, exist_ok=True)
    engine = RapidOCR()
    paddlex = PaddlexReader(engine, 6)
    known = Fonts(fonts.split(os.pathsep))
    drawn = ((f"drawn-{n:03}", *Painter(known, n).draw(n)) for n in range(count))
    shown = ((name, image, None) for name, image in photographs())
    answers = []
    for pictures in (drawn, shown):
        for name, image, written in pictures:
            file = images / f"{name}.png"
            image.save(file)
            answer = read(engine, paddlex, file)
            answers.append(answer if written is None else {**answer, "written": written})
    versions = {"opencv": cv2.__version__, "numpy": np.__version__}
    fonts_used = sorted({os.path.basename(f) for f in known.latin + known.chinese})
    corpus = {"versions": versions, "fonts": fonts_used, "images": answers}
    (pathlib.Path(folder) / "corpus.json").write_text(json.dumps(corpus, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
