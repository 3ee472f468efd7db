import type { OperatorFamily } from '../../src/preprocess/operators';

/** A chain of operators, as listed in a configuration. */
export interface OperatorCase {
  readonly family: OperatorFamily;
  readonly operators: string;
  readonly arch?: string;
  /** Tolerance for the tensors; 0 unless it resizes in float32 or cubic. */
  readonly tolerance?: number;
}

const normalize = 'mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225]';
const float32 = 6e-5 / 255 / 0.224;
const oneLevel = 1.001 / 255 / 0.224;

function of(family: OperatorFamily, rows: readonly (readonly [string, number?, string?])[]): OperatorCase[] {
  return rows.map(([operators, tolerance = 0, arch = 'YOLO']) => ({ family, operators, tolerance, arch }));
}

export const operatorCases: readonly OperatorCase[] = [
  ...of('PaddleDetection 1.x', [
    [`[{type: Resize, target_size: 64}, {type: Normalize, ${normalize}}, {type: Permute}]`],
    [
      `[{type: Resize, target_size: 64, max_size: 96}, {type: Permute}, {type: Normalize, ${normalize}, is_scale: false,
        is_channel_first: true}, {type: PadStride, stride: 32}]`,
      0,
      'RCNN',
    ],
    [`[{type: Resize, target_size: 70, use_cv2: false, interp: 2}, {type: Permute, to_bgr: true}]`],
    ['[{type: Resize, target_size: 60, max_size: 80, image_shape: [3, 80, 80]}, {type: Permute}]', 0, 'RetinaNet'],
  ]),
  ...of('PaddleDetection 2.x', [
    [`[{type: Resize, target_size: [64, 96]}, {type: NormalizeImage, ${normalize}}, {type: Permute}]`],
    [`[{type: Resize, target_size: 77, keep_ratio: false, interp: 2}, {type: NormalizeImage, ${normalize}}]`, oneLevel],
    [
      `[{type: NormalizeImage, ${normalize}, is_scale: true}, {type: Resize, target_size: [80, 120]}, {type: Permute},
        {type: PadStride, stride: 32}]`,
      float32,
    ],
    [`[{type: LetterBoxResize, target_size: [60, 88]}, {type: NormalizeImage, ${normalize}}, {type: Permute}]`],
    [
      `[{type: Resize, target_size: 64}, {type: Pad, size: [128, 128]}, {type: NormalizeImage, ${normalize},
        norm_type: none}, {type: Permute}, {type: PadStride, stride: 48}]`,
    ],
    [`[{type: WarpAffine, input_h: 64, input_w: 96}, {type: NormalizeImage, ${normalize}}, {type: Permute}]`],
    ['[{type: WarpAffine, keep_res: true}, {type: Permute}]'],
    [`[{type: TopDownEvalAffine, trainsize: [48, 64]}, {type: NormalizeImage, ${normalize}}, {type: Permute}]`],
    ['[{type: TopDownEvalAffine, trainsize: [48, 64], use_udp: true}, {type: Permute}]'],
    [`[{type: EvalAffine, size: 100}, {type: NormalizeImage, ${normalize}}, {type: Permute}]`],
    ['[{type: Resize_Mult32, limit_side_len: 120, limit_type: max}, {type: Permute}]'],
    ['[{type: Resize_Mult32, limit_side_len: 90, limit_type: min, interp: 3}, {type: Permute}]'],
    ['[{type: CULaneResize, img_h: 32, img_w: 80, cut_height: 20}]'],
  ]),
  ...of('PaddleSeg', [
    ['[{type: Resize, target_size: [64, 48]}, {type: Normalize}]', float32],
    ['[{type: Resize, target_size: [64, 48], keep_ratio: true, size_divisor: 8, interp: NEAREST}, {type: Normalize}]'],
    [`[{type: ResizeByLong, long_size: 70}, {type: Normalize, ${normalize}}]`, float32],
    ['[{type: ResizeByShort, short_size: 50, max_size: 60}, {type: Normalize, mean: [0.4], std: [0.3]}]', float32],
    ['[{type: LimitLong, max_long: 50, min_long: 40}, {type: Normalize}]', float32],
    ['[{type: LimitLong, min_long: 140}, {type: Normalize}]', float32],
    ['[{type: ResizeRangeScaling, min_value: 61, max_value: 61}, {type: Normalize}]', float32],
    ['[{type: ResizeStepScaling, min_scale_factor: 1.25, max_scale_factor: 1.25}, {type: Normalize}]', float32],
    ['[{type: Padding, target_size: [160, 170]}, {type: Normalize}]'],
    ['[{type: PaddingByAspectRatio, aspect_ratio: 1.9, im_padding_value: 3}, {type: Normalize}]'],
    ['[{type: ScalePadding, target_size: [64, 56]}, {type: Normalize}]', oneLevel],
  ]),
  ...of('PaddleX detection', [
    [`[{type: Resize, target_size: [64, 96], interp: 1}, {type: NormalizeImage, ${normalize}}, {type: Permute}]`],
    [
      `[{type: Resize, target_size: [80, 133], keep_ratio: true}, {type: NormalizeImage, ${normalize}, norm_type: none},
        {type: Permute}, {type: PadStride, stride: 32}]`,
      oneLevel,
    ],
    [
      `[{type: Resize, target_size: [70, 70], keep_ratio: true, interp: 1}, {type: Pad, size: [90, 100]},
        {type: NormalizeImage, is_scale: false}, {type: Permute}]`,
    ],
    ['[{type: Resize, target_size: [640, 640], interp: 0}, {type: Pad, fill_value: [1, 2, 3]}, {type: Permute}]'],
    [`[{type: WarpAffine}, {type: NormalizeImage, ${normalize}}, {type: Permute}]`],
    ['[{type: LetterBoxResize, target_size: [60, 88]}, {type: Permute}]'],
    ['[{type: TopDownEvalAffine, trainsize: [48, 64]}, {type: Permute}]'],
    ['[{type: EvalAffine, size: 100}, {type: Permute}]'],
  ]),
  ...of('PaddleX segmentation', [
    ['[{type: Resize, target_size: [64, 48]}, {type: Normalize}]'],
    [
      '[{type: Normalize, mean: 0.4, std: 0.3}, {type: Resize, target_size: [70, 40], size_divisor: null, keep_ratio: false}]',
    ],
    [`[{type: Normalize, ${normalize}}, {type: Resize, target_size: 90, size_divisor: 8, interp: AREA}]`],
    ['[{type: Resize, target_size: -1}, {type: Normalize}]'],
    ['[{type: Normalize}]'],
  ]),
  ...of('PaddleX classification', [
    [
      `[{DecodeImage: {}}, {ResizeImage: {resize_short: 80}}, {CropImage: {size: 64}},
        {NormalizeImage: {scale: 0.00392156862745098, order: '', channel_num: 3, ${normalize}}}, {ToCHWImage: null}]`,
    ],
    [`[{NormalizeImage: {}}, {ToCHWImage: null}, {ResizeImage: {size: [60, 50], interpolation: area}}]`],
    [`[{ResizeImage: {resize_short: 50, backend: pil, interpolation: LANCZOS4}}, {NormalizeImage: {${normalize}}}]`],
  ]),
  ...of('PaddleOCR detection', [
    // The export of a detector.
    [
      `[{DecodeImage: {channel_first: false, img_mode: BGR}}, {DetLabelEncode: null}, {DetResizeForTest: {resize_long: 96}},
        {NormalizeImage: {${normalize}, order: hwc, scale: 1./255.}}, {ToCHWImage: null},
        {KeepKeys: {keep_keys: [image, shape, polys, ignore_tags]}}]`,
      0,
      'PP-OCRv4_mobile_det',
    ],
    ['[{DetResizeForTest: null}, {NormalizeImage: {order: hwc}}]'],
    [`[{DetResizeForTest: {}}, {NormalizeImage: {order: ''}}]`, 0, 'PP-OCRv5_server_det'],
    ['[{DetResizeForTest: {resize_long: 300}}]', 0, 'PP-OCRv4_server_seal_det'],
    ['[{DetResizeForTest: {limit_side_len: 100, limit_type: resize_long}}]'],
    ['[{DetResizeForTest: {limit_side_len: 640, limit_type: min, max_side_limit: 320}}]'],
    ['[{DecodeImage: {img_mode: RGB}}, {DetResizeForTest: {image_shape: [64, 90]}}]'],
    ['[{DetResizeForTest: {image_shape: [96, 32], keep_ratio: true}}]'],
  ]),
  ...of('PaddleOCR classification', [
    ['[{DecodeImage: {img_mode: BGR, channel_first: false}}, {ClsResizeImg: {image_shape: [3, 48, 192]}}]'],
    // Squeezed, because it is too wide.
    ['[{ClsResizeImg: {image_shape: [3, 48, 32]}}, {KeepKeys: {keep_keys: [image]}}]'],
  ]),
  ...of('PaddleOCR recognition', [
    [
      `[{DecodeImage: {channel_first: false, img_mode: BGR}}, {MultiLabelEncode: {gtc_encode: NRTRLabelEncode}},
        {RecResizeImg: {image_shape: [3, 48, 320]}}, {KeepKeys: {keep_keys: [image, length]}}]`,
    ],
    ['[{DecodeImage: {img_mode: RGB}}, {RecResizeImg: {image_shape: [3, 32, 40]}}]'],
    // Wider than the limit.
    ['[{RecResizeImg: {image_shape: [3, 4000, 20]}}]'],
  ]),
  ...of('PaddleOCR tables', [
    [
      `[{DecodeImage: {img_mode: BGR}}, {TableLabelEncode: {merge_no_span_structure: true}}, {TableBoxEncode: {}},
        {ResizeTableImage: {max_len: 88}}, {NormalizeImage: {${normalize}, scale: 1./255., order: hwc}},
        {PaddingTableImage: {size: [88, 88]}}, {ToCHWImage: null}, {KeepKeys: {keep_keys: [image]}}]`,
    ],
    [
      `[{ResizeTableImage: {max_len: 203}}, {NormalizeImage: {${normalize}}}, {PaddingTableImage: {size: [210, 210], pad_value: 1}}, {ToCHWImage: null}]`,
    ],
  ]),
  ...of('PaddleClas', [
    [
      `[{DecodeImage: {to_rgb: true}}, {ResizeImage: {resize_short: 80}}, {CropImage: {size: 64}},
        {NormalizeImage: {scale: 0.00392157, order: ''}}, {ToCHWImage: null}]`,
    ],
    [`[{ResizeImage: {size: [60, 70], interpolation: area}}, {ToCHWImage: }, {NormalizeImage: {scale: 1.0/255.0}}]`],
    [
      `[{ResizeImage: {resize_short: 50, backend: pil, interpolation: lanczos}}, {CropImage: {size: [40, 30]}},
        {NormalizeImage: {order: hwc, channel_num: 4, ${normalize}}}, {ToCHWImage: {}}]`,
    ],
    ['[{DecodeImage: {to_rgb: false, channel_first: true}}]'],
    [
      `[{DetResize: {target_size: [64, 96]}}, {DetNormalizeImage: {${normalize}}}, {DetPermute: {}},
        {DetPadStride: {stride: 32}}]`,
    ],
  ]),
];
