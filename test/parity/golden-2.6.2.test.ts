import { describeGolden } from './golden-suite';

describeGolden('2.6.2', [
  { model: 'shapes_det_picodet/old', vectors: 'shapes_det_picodet' },
  { model: 'shapes_ins_maskrcnn/old', vectors: 'shapes_ins_maskrcnn' },
  { model: 'shapes_seg_ppliteseg/old', vectors: 'shapes_seg_ppliteseg' },
  { model: 'shapes_cls_mbv3s/old', vectors: 'shapes_cls_mbv3s' },
  { model: 'shapes_det_picodet/v1', vectors: 'shapes_det_picodet_v1' },
  { model: 'shapes_ins_maskrcnn/v1', vectors: 'shapes_ins_maskrcnn_v1' },
]);
