"""Preprocesses pictures as Paddle's deploy scripts do: the folder of the argument holds jobs.json (family, arch, the
operators of the configuration, the picture's size) and input.bin; output.json gets the shapes and facts, output.bin the
float32 tensors."""

import json
import math
import pathlib
import sys

import cv2
import numpy as np
from PIL import Image


def by_factors(im, fx, fy, interp):
    return cv2.resize(im, None, None, fx=fx, fy=fy, interpolation=interp)


def keep_ratio_scale(im, short, long):
    h, w = im.shape[:2]
    k = short / min(h, w)
    return long / max(h, w) if round(k * max(h, w)) > long else k


def zero_pad(im, stride):
    c, h, w = im.shape
    out = np.zeros((c, math.ceil(h / stride) * stride, math.ceil(w / stride) * stride), np.float32)
    out[:, :h, :w] = im
    return out


def mean_std(im, mean, std):
    im -= np.array(mean)
    im /= np.array(std)
    return im


# PaddleDetection 1.x


def resize_1(im, facts, arch, target_size, max_size=0, interp=1, use_cv2=True, image_shape=None):
    h, w = im.shape[:2]
    if max_size != 0 and arch in ("RCNN", "RetinaNet", "FCOS", "SOLOv2"):
        fx = fy = keep_ratio_scale(im, target_size, max_size)
    else:
        fx, fy = target_size / w, target_size / h
    if use_cv2:
        im = by_factors(im, fx, fy, interp)
    else:
        im = np.array(Image.fromarray(im.astype("uint8")).resize((int(fx * w), int(fy * h)), interp))
    facts["resizeShape"] = [fx * h, fy * w]
    facts["scaleFactor"] = [fy, fx]
    if max_size != 0 and image_shape is not None:
        padded = np.zeros((max_size, max_size, 3), np.float32)
        padded[: im.shape[0], : im.shape[1]] = im
        im = padded
    return im


def normalize_1(im, facts, mean, std, is_scale=True, is_channel_first=False):
    im = im.astype(np.float32, copy=False)
    shape = (3, 1, 1) if is_channel_first else (1, 1, 3)
    if is_scale:
        im = im / 255.0
    return mean_std(im, np.reshape(mean, shape), np.reshape(std, shape))


def permute_1(im, facts, to_bgr=False, channel_first=True):
    if channel_first:
        im = np.swapaxes(np.swapaxes(im, 1, 2), 0, 1)
    return im[[2, 1, 0]] if to_bgr else im


def pad_stride_1(im, facts, stride):
    im = zero_pad(im, stride)
    facts["padShape"] = list(im.shape[1:])
    return im


# PaddleDetection 2.x


def resize_2(im, facts, target_size, keep_ratio=True, interp=1):
    if isinstance(target_size, int):
        target_size = [target_size] * 2
    h, w = im.shape[:2]
    fy, fx = target_size[0] / h, target_size[1] / w
    if keep_ratio:
        fx = fy = keep_ratio_scale(im, min(target_size), max(target_size))
    im = by_factors(im, fx, fy, interp)
    facts["imShape"] = list(im.shape[:2])
    facts["scaleFactor"] = [fy, fx]
    return im


def normalize_2(im, facts, mean, std, is_scale=True, norm_type="mean_std"):
    im = im.astype(np.float32, copy=False)
    if is_scale:
        im *= 1.0 / 255.0
    return mean_std(im, mean, std) if norm_type == "mean_std" else im


def letter_box(im, facts, target_size):
    h, w = im.shape[:2]
    th, tw = [target_size] * 2 if isinstance(target_size, int) else target_size
    r = min(th / h, tw / w)
    nh, nw = round(h * r), round(w * r)
    pw, ph = (tw - nw) / 2, (th - nh) / 2
    im = cv2.resize(im, (nw, nh), interpolation=cv2.INTER_AREA)
    edges = round(ph - 0.1), round(ph + 0.1), round(pw - 0.1), round(pw + 0.1)
    im = cv2.copyMakeBorder(im, *edges, cv2.BORDER_CONSTANT, value=(127.5, 127.5, 127.5))
    facts["imShape"] = [nh, nw]
    facts["scaleFactor"] = [r, r]
    return im


def pad_2(im, facts, size, fill_value=(114.0, 114.0, 114.0)):
    out = np.ones((size[0], size[1], 3), np.float32) * np.array(fill_value, np.float32)
    out[: im.shape[0], : im.shape[1]] = im.astype(np.float32)
    return out


def warp(im, k, source, target, size):
    matrix = np.array([[k, 0, target[0] - k * source[0]], [0, k, target[1] - k * source[1]]])
    return cv2.warpAffine(im, matrix, size, flags=cv2.INTER_LINEAR)


def warp_affine(im, facts, keep_res=False, pad=31, input_h=512, input_w=512):
    im = cv2.cvtColor(im, cv2.COLOR_RGB2BGR)
    h, w = im.shape[:2]
    if keep_res:
        ih, iw = (h | pad) + 1, (w | pad) + 1
        return warp(im, 1.0, (w // 2, h // 2), (iw / 2, ih / 2), (iw, ih))
    return warp(im, input_w / max(h, w), (w / 2, h / 2), (input_w / 2, input_h / 2), (input_w, input_h))


def top_down(im, facts, trainsize, use_udp=False):
    h, w = im.shape[:2]
    tw, th = trainsize
    if use_udp:
        matrix = np.array([[(tw - 1) / w, 0, 0], [0, (th - 1) / h, 0]])
        return cv2.warpAffine(im, matrix, (tw, th), flags=cv2.INTER_LINEAR)
    return warp(im, tw / w, (w / 2, h / 2), (tw / 2, th / 2), (tw, th))


def eval_affine(im, facts, size, stride=64):
    h, w = im.shape[:2]
    if w < h:
        width, height, k = size, int(math.ceil((size / w * h) / 64) * 64), size / w
    else:
        width, height, k = int(math.ceil((size / h * w) / 64) * 64), size, size / h
    return warp(im, k, (round(w / 2), round(h / 2)), (width / 2, height / 2), (width, height))


def mult_32(im, facts, limit_side_len, limit_type="max", interp=1):
    h, w = im.shape[:2]
    ratio = limit_side_len / (min(h, w) if limit_type == "min" else max(h, w))
    nh, nw = (max(int(round(int(side * ratio) / 32) * 32), 32) for side in (h, w))
    facts["imShape"] = [nh, nw]
    facts["scaleFactor"] = [nh / h, nw / w]
    return by_factors(im, nw / w, nh / h, interp)


def lane_resize(im, facts, img_h, img_w, cut_height, prob=1):
    im = cv2.resize(im[cut_height:], (img_w, img_h), interpolation=cv2.INTER_LINEAR).astype(np.float32) / 255.0
    return im.transpose((2, 0, 1))


# PaddleSeg


def to_size(im, size, interp="LINEAR"):
    return cv2.resize(im, size, interpolation=getattr(cv2, "INTER_" + interp))


def to_scale(im, k):
    return to_size(im, (round(im.shape[1] * k), round(im.shape[0] * k)))


def resize_seg(im, facts, target_size=(512, 512), keep_ratio=False, size_divisor=None, interp="LINEAR"):
    w, h = target_size
    if keep_ratio:
        ih, iw = im.shape[:2]
        k = min(max(target_size) / max(iw, ih), min(target_size) / min(iw, ih))
        w, h = round(iw * k), round(ih * k)
    if size_divisor is not None:
        w, h = (math.ceil(side / size_divisor) * size_divisor for side in (w, h))
    return to_size(im, (w, h), interp)


def by_long(im, facts, long_size):
    return to_scale(im, long_size / max(im.shape[:2]))


def by_short(im, facts, short_size, max_size=1e10):
    short, long = min(im.shape[:2]), max(im.shape[:2])
    if short_size / short * long > max_size:
        short_size = int(max_size / long * short)
    return to_scale(im, short_size / short)


def limit_long(im, facts, max_long=None, min_long=None):
    long = max(im.shape[:2])
    target = max_long if max_long is not None and long > max_long else long
    target = min_long if min_long is not None and long < min_long else target
    return im if target == long else to_scale(im, target / long)


def pad_seg(im, w, h, value):
    edges = 0, h - im.shape[0], 0, w - im.shape[1]
    return cv2.copyMakeBorder(im, *edges, cv2.BORDER_CONSTANT, value=(value,) * 3)


def by_aspect(im, facts, aspect_ratio=1, im_padding_value=127.5):
    h, w = im.shape[:2]
    ratio = w / h
    if ratio == aspect_ratio:
        return im
    w, h = (w, int(w / aspect_ratio)) if ratio > aspect_ratio else (int(h * aspect_ratio), h)
    return pad_seg(im, w, h, im_padding_value)


def scale_padding(im, facts, target_size=(512, 512), im_padding_value=127.5):
    h, w = im.shape[:2]
    square = np.zeros((max(h, w), max(h, w), 3)) + im_padding_value
    margin = abs(h - w) // 2
    if h > w:
        square[:, margin : margin + w] = im
    else:
        square[margin : margin + h] = im
    return to_size(np.uint8(square), tuple(target_size), "CUBIC")


def normalize_seg(im, facts, mean=(0.5,), std=(0.5,)):
    return mean_std(im.astype(np.float32, copy=False) / 255.0, mean, std)


# PaddleClas


def resize_image(im, facts, size=None, resize_short=None, interpolation=None, backend="cv2", return_numpy=True):
    h, w = im.shape[:2]
    if resize_short:
        p = resize_short / min(w, h)
        target = int(round(w * p)), int(round(h * p))
    else:
        target = (size, size) if isinstance(size, int) else tuple(size)
    name = interpolation or "bilinear"
    if backend == "pil":
        code = name if isinstance(name, int) else getattr(Image, name.upper())
        return np.asarray(Image.fromarray(im).resize(target, code))
    codes = {"nearest": 0, "bilinear": 1, "bicubic": 2, "area": 3, "lanczos": 4}
    return cv2.resize(im, target, interpolation=name if isinstance(name, int) else codes[name])


def crop_image(im, facts, size):
    w, h = (size, size) if isinstance(size, int) else size
    x, y = (im.shape[1] - w) // 2, (im.shape[0] - h) // 2
    return im[y : y + h, x : x + w]


IMAGENET = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


def normalize_cls(im, facts, scale=None, mean=IMAGENET[0], std=IMAGENET[1], order="chw", channel_num=3, **_):
    scale = np.float32(eval(scale) if isinstance(scale, str) else 1.0 / 255.0 if scale is None else scale)
    shape = (3, 1, 1) if order == "chw" else (1, 1, 3)
    mean, std = (np.array(values).reshape(shape).astype("float32") for values in (mean, std))
    im = (im.astype("float32") * scale - mean) / std
    if channel_num == 4:
        zeros = np.zeros((1, *im.shape[1:]) if order == "chw" else (*im.shape[:2], 1), np.float32)
        im = np.concatenate((im, zeros), axis=0 if order == "chw" else 2)
    return im


def decode_image(im, facts, to_rgb=True, to_np=False, channel_first=False):
    im = im if to_rgb else im[:, :, ::-1]
    return im.transpose((2, 0, 1)) if channel_first else im


def planes(im, facts):
    return im.transpose((2, 0, 1))


def stride_2(im, facts, stride=0):
    return im if stride <= 0 else zero_pad(im, stride)


def range_scaling(im, facts, min_value, max_value):
    return by_long(im, facts, min_value)


def step_scaling(im, facts, min_scale_factor, max_scale_factor):
    return to_scale(im, min_scale_factor)


def padding(im, facts, target_size, im_padding_value=127.5):
    return pad_seg(im, *target_size, im_padding_value)


# PaddleX 3


def linear(im, scale, mean, std):
    factors = [np.float32(scale / s) for s in std]
    offsets = [np.float32(-m / s) for m, s in zip(mean, std)]
    return im.astype(np.float32) * np.array(factors) + np.array(offsets)


def fit_x(im, w, h, keep_ratio):
    if not keep_ratio:
        return w, h
    ih, iw = im.shape[:2]
    k = min(max(w, h) / max(iw, ih), min(w, h) / min(iw, ih))
    return round(iw * k), round(ih * k)


def resize_x(im, facts, target_size, keep_ratio=False, interp=2):
    h, w = im.shape[:2]
    im = cv2.resize(im, fit_x(im, *target_size[::-1], keep_ratio), interpolation=interp)
    facts["imShape"] = list(im.shape[:2])
    facts["scaleFactor"] = [im.shape[0] / h, im.shape[1] / w]
    return im


def normalize_x(im, facts, mean=IMAGENET[0], std=IMAGENET[1], is_scale=True, norm_type=None):
    return linear(im, 1.0 / 255.0 if is_scale else 1, mean, std)


def pad_x(im, facts, size=(640, 640), fill_value=(127.5, 127.5, 127.5)):
    return pad_2(im, facts, size, fill_value)


def warp_x(im, facts, keep_res=True, **arguments):
    return warp_affine(im, facts, keep_res, **arguments)


X_NAMES = {"NEAREST": 0, "LINEAR": 1, "BICUBIC": 2, "AREA": 3, "LANCZOS4": 4}


def resize_seg_x(im, facts, target_size=-1, keep_ratio=True, size_divisor=32, interp="LINEAR"):
    if target_size == -1:
        return im
    w, h = fit_x(im, *([target_size] * 2 if isinstance(target_size, int) else target_size), keep_ratio)
    if size_divisor:
        w, h = (math.ceil(side / size_divisor) * size_divisor for side in (w, h))
    return cv2.resize(im, (w, h), interpolation=X_NAMES[interp])


def normalize_seg_x(im, facts, mean=0.5, std=0.5):
    mean, std = ([value] * 3 if isinstance(value, float) else value for value in (mean, std))
    return linear(im, 1.0 / 255.0, mean, std)


def resize_image_x(im, facts, interpolation="LINEAR", backend="cv2", **arguments):
    names = {"LINEAR": "bilinear", "LANCZOS4": "lanczos"}
    name = names.get(interpolation.upper(), interpolation.lower())
    return resize_image(im, facts, interpolation=name, backend=backend, **arguments)


def normalize_cls_x(im, facts, scale=1 / 255, mean=IMAGENET[0], std=IMAGENET[1], order="", channel_num=3):
    return linear(im, eval(scale) if isinstance(scale, str) else scale, mean, std)


# PaddleOCR, as PaddleX runs it


def decode_image_ocr(im, facts, img_mode="BGR", channel_first=False):
    return im if img_mode == "RGB" else im[:, :, ::-1]


def det_resize_for_test(
    im, facts, arch, limit_side_len=None, limit_type=None, resize_long=None, max_side_limit=4000, image_shape=None, keep_ratio=False
):
    if sum(im.shape[:2]) < 64:
        canvas = np.zeros((max(32, im.shape[0]), max(32, im.shape[1]), 3), np.uint8)
        canvas[: im.shape[0], : im.shape[1]] = im
        im = canvas
    h, w = im.shape[:2]
    if image_shape is not None:
        new_h, new_w = image_shape
        if keep_ratio:
            new_w = math.ceil(w * new_h / h / 32) * 32
    else:
        long = arch.startswith("PP-OCR") and "seal" not in arch
        limit = limit_side_len or resize_long or (960 if long else 736)
        kind = limit_type or ("max" if long else "min")
        ratio = 1.0
        if kind == "resize_long":
            ratio = float(limit) / max(h, w)
        elif kind == "max" and max(h, w) > limit:
            ratio = float(limit) / max(h, w)
        elif kind == "min" and min(h, w) < limit:
            ratio = float(limit) / min(h, w)
        new_h, new_w = int(h * ratio), int(w * ratio)
        if max(new_h, new_w) > max_side_limit:
            ratio = float(max_side_limit) / max(new_h, new_w)
            new_h, new_w = int(new_h * ratio), int(new_w * ratio)
        new_h, new_w = (max(int(round(side / 32) * 32), 32) for side in (new_h, new_w))
    facts["imShape"] = [new_h, new_w]
    return cv2.resize(im, (new_w, new_h))


def padded_line(im, resized, channels, height, width):
    im = cv2.resize(im, (resized, height)).astype("float32").transpose((2, 0, 1)) / 255
    im -= 0.5
    im /= 0.5
    padded = np.zeros((channels, height, width), np.float32)
    padded[:, :, :resized] = im
    return padded


def rec_resize_img(im, facts, image_shape, widest=3200):
    channels, height, least = image_shape
    h, w = im.shape[:2]
    ratio = w / h
    width = int(height * max(least / height, ratio))
    if width > widest:
        width = resized = widest
    else:
        resized = min(math.ceil(height * ratio), width)
    return padded_line(im, resized, channels, height, width)


def cls_resize_img(im, facts, image_shape):
    channels, height, width = image_shape
    h, w = im.shape[:2]
    resized = min(math.ceil(height * (w / float(h))), width)
    return padded_line(im, resized, channels, height, width)


def resize_table_image(im, facts, max_len):
    h, w = im.shape[:2]
    scale = max_len / max(h, w)
    return cv2.resize(im, (round(w * scale), round(h * scale)))


def padding_table_image(im, facts, size, pad_value=0):
    h, w = im.shape[:2]
    return cv2.copyMakeBorder(im, 0, size[0] - h, 0, size[0] - w, cv2.BORDER_CONSTANT, value=(pad_value,) * 3)


# PaddleX uses a fixed order for these, regardless of the configuration.
ORDERS = {
    "PaddleX segmentation": ["Resize", "Normalize"],
    "PaddleX classification": ["DecodeImage", "ResizeImage", "CropImage", "NormalizeImage"],
}

FAMILIES = {
    "PaddleDetection 1.x": dict(Resize=resize_1, Normalize=normalize_1, Permute=permute_1, PadStride=pad_stride_1),
    "PaddleDetection 2.x": dict(
        Resize=resize_2,
        NormalizeImage=normalize_2,
        Permute=planes,
        PadStride=stride_2,
        LetterBoxResize=letter_box,
        Pad=pad_2,
        WarpAffine=warp_affine,
        TopDownEvalAffine=top_down,
        EvalAffine=eval_affine,
        Resize_Mult32=mult_32,
        CULaneResize=lane_resize,
    ),
    "PaddleSeg": dict(
        Normalize=normalize_seg,
        Resize=resize_seg,
        ResizeByLong=by_long,
        ResizeByShort=by_short,
        LimitLong=limit_long,
        ResizeRangeScaling=range_scaling,
        ResizeStepScaling=step_scaling,
        Padding=padding,
        PaddingByAspectRatio=by_aspect,
        ScalePadding=scale_padding,
    ),
    "PaddleClas": dict(
        DecodeImage=decode_image,
        ResizeImage=resize_image,
        CropImage=crop_image,
        NormalizeImage=normalize_cls,
        ToCHWImage=planes,
        DetResize=resize_2,
        DetNormalizeImage=normalize_2,
        DetPermute=planes,
        DetPadStride=stride_2,
    ),
    "PaddleX detection": dict(
        Resize=resize_x,
        NormalizeImage=normalize_x,
        Permute=planes,
        Pad=pad_x,
        PadStride=stride_2,
        WarpAffine=warp_x,
        LetterBoxResize=letter_box,
        TopDownEvalAffine=top_down,
        EvalAffine=eval_affine,
    ),
    "PaddleX segmentation": dict(Resize=resize_seg_x, Normalize=normalize_seg_x),
    "PaddleX classification": dict(
        DecodeImage=decode_image,
        ResizeImage=resize_image_x,
        CropImage=crop_image,
        NormalizeImage=normalize_cls_x,
        ToCHWImage=planes,
    ),
    "PaddleOCR detection": dict(
        DecodeImage=decode_image_ocr,
        DetLabelEncode=lambda im, facts, **_: im,
        DetResizeForTest=det_resize_for_test,
        NormalizeImage=normalize_cls_x,
        ToCHWImage=planes,
        KeepKeys=lambda im, facts, **_: im,
    ),
    "PaddleOCR classification": dict(
        DecodeImage=decode_image_ocr,
        ClsResizeImg=cls_resize_img,
        KeepKeys=lambda im, facts, **_: im,
    ),
    "PaddleOCR tables": dict(
        DecodeImage=decode_image_ocr,
        TableLabelEncode=lambda im, facts, **_: im,
        TableBoxEncode=lambda im, facts, **_: im,
        ResizeTableImage=resize_table_image,
        NormalizeImage=normalize_cls_x,
        PaddingTableImage=padding_table_image,
        ToCHWImage=planes,
        KeepKeys=lambda im, facts, **_: im,
    ),
    "PaddleOCR recognition": dict(
        DecodeImage=decode_image_ocr,
        RecResizeImg=rec_resize_img,
        MultiLabelEncode=lambda im, facts, **_: im,
        KeepKeys=lambda im, facts, **_: im,
    ),
}


def preprocess(job, im):
    family = job["family"]
    facts = {}
    if family == "PaddleSeg":
        im = im.astype("float32")
    fixed = ORDERS.get(family)
    items = job["operators"]
    if fixed is not None:
        named = {item.get("type") or next(iter(item)): item for item in items}
        items = [named[name] for name in fixed if name in named]
    for item in items:
        arguments = dict(item)
        name = arguments.pop("type", None)
        if name is None:
            ((name, arguments),) = item.items()
        if family == "PaddleDetection 1.x" and name == "Resize":
            arguments["arch"] = job["arch"]
        if name == "DetResizeForTest":
            arguments = {**(arguments or {}), "arch": job["arch"]}
        im = FAMILIES[family][name](im, facts, **(arguments or {}))
    if family == "PaddleSeg" or fixed is not None:
        im = im.transpose((2, 0, 1))
    return np.ascontiguousarray(im, np.float32), facts


folder = pathlib.Path(sys.argv[1])
pictures = (folder / "input.bin").read_bytes()
offset = 0
results = []
with open(folder / "output.bin", "wb") as output:
    for job in json.loads((folder / "jobs.json").read_text()):
        count = job["width"] * job["height"] * 3
        picture = np.frombuffer(pictures, np.uint8, count, offset).reshape(job["height"], job["width"], 3)
        offset += count
        tensor, facts = preprocess(job, picture.copy())
        output.write(tensor.tobytes())
        results.append({"shape": [1, *tensor.shape], "facts": facts})
(folder / "output.json").write_text(json.dumps(results))
