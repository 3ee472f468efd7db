"""Draws tables, and writes what PaddleX reads in them: table-corpus.py FOLDER FONTS SLANET

FONTS are folders of fonts, with colons between them; SLANET is the folder of SLANet_plus. FOLDER gets images/*.png and
tables.json, for each image:

- tensor: the SHA-256 of PaddleX's input of the network
- tokens, boxes, score: the structure that PaddleX's processors read with Paddle's predictor
- lines: boxes and texts that RapidOCR found, [left, top, right, bottom] in whole pixels
- html: the lines in the structure, joined by PaddleX's table pipeline

The same arguments give the same pictures, as long as the fonts and Pillow are the same."""

import glob
import hashlib
import importlib
import json
import os
import pathlib
import random
import sys
import types

import cv2
import numpy as np
import paddle.inference
from PIL import Image, ImageDraw, ImageFont
from rapidocr_paddle import RapidOCR

ENGLISH = "Item Quantity Price Total Apples Bread Milk Cheese Rent Power Water Travel Books Tax Sum North South 2023 2024 Q1 Q2".split()
CHINESE = "项目 数量 价格 总计 苹果 面包 牛奶 房租 电费 水费 交通 书籍 税金 北京 上海 广州 第一季度 第二季度 人口 面积".split()


def fonts(folders):
    found = [f for place in ("/usr/share/fonts", *folders) for f in glob.glob(f"{place}/**/*", recursive=True)]
    found = sorted((f for f in found if f.lower().endswith((".ttf", ".otf", ".ttc", ".woff"))), key=os.path.basename)

    def draws(file, text):
        try:
            font = ImageFont.truetype(file, 20)
            return len({bytes(font.getmask(c)) + str(font.getmask(c).size).encode() for c in text}) == len(text)
        except Exception:
            return False

    return [f for f in found if draws(f, "AaZz09")][:6], [f for f in found if draws(f, "项目数量价格总计")][:3]


class Table:
    """A table with random columns, rows, spans and empty cells."""

    def __init__(self, number, latin, chinese):
        self.r = random.Random(number)
        self.kind = ("english", "chinese", "mixed")[number % 3]
        self.borders = ("all", "rows", "none", "all")[number // 3 % 4]
        self.spans = number // 2 % 3 == 1
        self.empty = 0.25 if number % 4 == 2 else 0
        self.columns = self.r.randint(2, 6)
        self.rows = self.r.randint(3, 9)
        size = self.r.randint(14, 24)
        self.font = ImageFont.truetype(self.r.choice(latin if self.kind == "english" else chinese), size)
        self.widths = [self.r.randint(5, 8) * size for _ in range(self.columns)]
        self.height = int(size * self.r.uniform(1.7, 2.4))
        self.margin = self.r.randint(8, 30)

    def word(self):
        if self.r.random() < self.empty:
            return ""
        if self.r.random() < 0.4:
            return f"{self.r.randint(1, 9999) / self.r.choice((1, 10, 100)):g}"
        return self.r.choice({"english": ENGLISH, "chinese": CHINESE, "mixed": ENGLISH + CHINESE}[self.kind])

    def cells(self):
        """[row, column, rows, columns] of each."""
        taken, cells = set(), []
        for row in range(self.rows):
            for column in range(self.columns):
                if (row, column) in taken:
                    continue
                across = down = 1
                if self.spans and self.r.random() < 0.15:
                    if column + 1 < self.columns and (row, column + 1) not in taken:
                        across = 2
                    elif row + 1 < self.rows:
                        down = 2
                taken |= {(row + y, column + x) for y in range(down) for x in range(across)}
                cells.append((row, column, down, across))
        return cells

    def draw(self):
        left = np.cumsum([self.margin, *self.widths])
        width, height = int(left[-1]) + self.margin, self.rows * self.height + 2 * self.margin
        image = Image.new("RGB", (width, height), (self.r.randint(235, 255),) * 3)
        draw = ImageDraw.Draw(image)
        for row, column, down, across in self.cells():
            x1, x2 = int(left[column]), int(left[column + across])
            y1, y2 = self.margin + row * self.height, self.margin + (row + down) * self.height
            if self.borders == "all":
                draw.rectangle((x1, y1, x2, y2), outline=(40, 40, 40))
            elif self.borders == "rows":
                draw.line((x1, y2, x2, y2), fill=(90, 90, 90))
            text = self.word()
            while text and draw.textlength(text, self.font) > x2 - x1 - 8:
                text = text[:-1]
            room = x2 - x1 - draw.textlength(text, self.font)
            box = draw.textbbox((0, 0), text or "A", font=self.font)
            y = (y1 + y2) / 2 - (box[1] + box[3]) / 2
            draw.text((x1 + room * self.r.choice((0.1, 0.5)), y), text, font=self.font, fill=(20, 20, 20))
        return image


def paddlex_modules():
    """The modules of PaddleX alone: its packages import much that tables do not need."""
    place = importlib.util.find_spec("paddlex").submodule_search_locations[0]
    names = ["", ".utils", ".inference", ".inference.utils", ".inference.models", ".inference.pipelines"]
    names += [f".inference.models.{part}" for part in ("table_structure_recognition", "common", "common.vision")]
    names += [f".inference.pipelines.{part}" for part in ("components", "components.common", "table_recognition")]
    for name in names:
        package = types.ModuleType(f"paddlex{name}")
        package.__path__ = [place + name.replace(".", "/")]
        sys.modules[package.__name__] = package
        parent, _, own = package.__name__.rpartition(".")
        if parent:
            setattr(sys.modules[parent], own, package)

    def stub(name, **content):
        module = sys.modules[f"paddlex.{name}"] = types.ModuleType(f"paddlex.{name}")
        module.__dict__.update(content)

    unchanged = lambda value: value
    any_deps = lambda *names: unchanged
    stub("utils.deps", class_requires_deps=any_deps, function_requires_deps=any_deps, is_dep_available=lambda name: True)
    stub("utils.logging")
    stub("inference.utils.benchmark", benchmark=types.SimpleNamespace(timeit=unchanged))
    stub("inference.pipelines.layout_parsing.utils", get_sub_regions_ocr_res=None)
    stub("inference.pipelines.ocr.result", OCRResult=None)
    stub("inference.pipelines.table_recognition.result", SingleTableRecognitionResult=None)
    boxes = importlib.import_module("paddlex.inference.pipelines.components.common.convert_points_and_boxes")
    sys.modules["paddlex.inference.pipelines.components"].convert_points_to_boxes = boxes.convert_points_to_boxes
    parts = ("models.common.vision.processors", "models.table_structure_recognition.processors")
    parts += ("pipelines.table_recognition.table_recognition_post_processing",)
    return [importlib.import_module(f"paddlex.inference.{part}") for part in parts]


class PaddlexTables:
    def __init__(self, folder):
        common, own, self.joining = paddlex_modules()
        self.steps = [
            common.ResizeByLong(target_long_edge=488),
            common.Normalize(mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225]),
        ]
        self.pad = own.Pad(target_size=488, val=0)
        self.planes, self.stack = common.ToCHWImage(), common.ToBatch()
        spans = [f' {side}span="{n}"' for side in ("col", "row") for n in range(2, 21)]
        tokens = ["<thead>", "</thead>", "<tbody>", "</tbody>", "<tr>", "</tr>", "<td>", "<td", ">", "</td>", *spans]
        self.decode = own.TableLabelDecode("SLANet_plus", True, tokens)
        files = [str(pathlib.Path(folder) / f"inference.{end}") for end in ("pdmodel", "pdiparams")]
        config = paddle.inference.Config(*files)
        config.disable_gpu()
        config.disable_mkldnn()
        config.disable_glog_info()
        self.network = paddle.inference.create_predictor(config)

    def read(self, image):
        images = [image]
        for step in self.steps:
            images = step(images)
        padded = self.pad(images)
        (batch,) = self.stack(self.planes([one for one, _ in padded]))
        name = self.network.get_input_names()[0]
        self.network.get_input_handle(name).copy_from_cpu(batch)
        self.network.run()
        names = self.network.get_output_names()
        outputs = [self.network.get_output_handle(name).copy_to_cpu() for name in names]
        size = [image.shape[1], image.shape[0]]
        (answer,) = self.decode(outputs, [side for _, side in padded], [size])
        return batch, answer

    def join(self, answer, lines, shape):
        structure = {"bbox": answer["bbox"], "structure": answer["structure"]}
        if not answer["bbox"] or not lines:
            return ""
        self.joining.convert_table_structure_pred_bbox(structure, [0, 0], shape)
        matched = self.joining.match_table_and_ocr(structure["cell_box_list"], [box for box, _ in lines])
        return self.joining.get_html_result(matched, [text for _, text in lines], answer["structure"])


def lines_of(engine, file):
    found = []
    for corners, text, _ in engine(str(file))[0] or []:
        points = np.array(corners).astype(int)
        found.append(([*points.min(0).tolist(), *points.max(0).tolist()], text))
    return found


def main(folder, places, slanet, count=36):
    images = pathlib.Path(folder) / "images"
    images.mkdir(parents=True, exist_ok=True)
    latin, chinese = fonts(places.split(os.pathsep))
    if not latin or not chinese:
        sys.exit("Expected fonts with Latin and with Chinese characters, such as fonts-dejavu and fonts-wqy-zenhei")
    network, engine, answers = PaddlexTables(slanet), RapidOCR(), []
    for number in range(count):
        file = images / f"table-{number:02}.png"
        Table(number, latin, chinese).draw().save(file)
        image = cv2.imread(str(file))
        batch, answer = network.read(image)
        lines = lines_of(engine, file)
        answers.append(
            {
                "image": file.name,
                "tensor": hashlib.sha256(np.ascontiguousarray(batch).tobytes()).hexdigest(),
                "tokens": answer["structure"],
                "boxes": answer["bbox"],
                "score": float(answer["structure_score"]),
                "lines": [{"box": box, "text": text} for box, text in lines],
                "html": network.join(answer, lines, image.shape[:2]),
            }
        )
    (pathlib.Path(folder) / "tables.json").write_text(json.dumps(answers, ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:4])
