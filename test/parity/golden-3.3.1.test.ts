import { describeGolden } from './golden-suite';

// Vectors that need Paddle 3 in Python were made with it; the others were made with 2.6.2, and 3.3.1 gives the same
// results.
describeGolden('3.3.1', [
  { model: 'shapes_det_picodet/old', vectors: 'shapes_det_picodet' },
  { model: 'shapes_ins_maskrcnn/old', vectors: 'shapes_ins_maskrcnn' },
  { model: 'shapes_seg_ppliteseg/old', vectors: 'shapes_seg_ppliteseg' },
  { model: 'shapes_cls_mbv3s/old', vectors: 'shapes_cls_mbv3s' },
  { model: 'shapes_det_picodet/pir', vectors: '_paddle331/shapes_det_picodet' },
  { model: 'shapes_ins_maskrcnn/pir', vectors: '_paddle331/shapes_ins_maskrcnn' },
  { model: 'shapes_seg_ppliteseg/pir', vectors: '_paddle331/shapes_seg_ppliteseg' },
  { model: 'shapes_cls_mbv3s/pir', vectors: '_paddle331/shapes_cls_mbv3s' },
  { model: 'shapes_det_picodet/v1', vectors: 'shapes_det_picodet_v1' },
  { model: 'shapes_ins_maskrcnn/v1', vectors: 'shapes_ins_maskrcnn_v1' },
]);
