import type {
  ClassificationResult,
  DetectionResult,
  InstanceSegmentationResult,
  KeypointsResult,
  RotatedDetectionResult,
  SemanticSegmentationResult,
  TableResult,
  TextResult,
} from '../results';

/** The result of each pipeline, by PaddleX's name of its endpoint. */
export interface ResultByPipeline {
  readonly 'object-detection': DetectionResult;
  readonly 'small-object-detection': DetectionResult;
  readonly 'rotated-object-detection': RotatedDetectionResult;
  readonly 'instance-segmentation': InstanceSegmentationResult;
  readonly 'human-keypoint-detection': KeypointsResult;
  readonly 'semantic-segmentation': SemanticSegmentationResult;
  readonly 'image-classification': ClassificationResult;
  readonly 'multilabel-image-classification': ClassificationResult;
  readonly ocr: TextResult;
  readonly 'table-recognition': TableResult;
}

/** A pipeline whose answers become results. */
export type PipelineTask = keyof ResultByPipeline;

/** The kind of the results of each pipeline. */
export const kindsOfPipelines: { readonly [T in PipelineTask]: ResultByPipeline[T]['kind'] } = {
  'object-detection': 'detection',
  'small-object-detection': 'detection',
  'rotated-object-detection': 'rotated-detection',
  'instance-segmentation': 'instance-segmentation',
  'human-keypoint-detection': 'keypoints',
  'semantic-segmentation': 'semantic-segmentation',
  'image-classification': 'classification',
  'multilabel-image-classification': 'classification',
  ocr: 'text',
  'table-recognition': 'table',
};

export const pipelineTasks = Object.keys(kindsOfPipelines) as readonly PipelineTask[];
