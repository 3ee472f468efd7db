import type { Person } from '../results';
import type { AgreementKind } from './agreement-kind';

/** Keypoints: the largest distance of a joint, in pixels, and the share of joints within one pixel. */
export interface JointAgreement {
  readonly kind: 'joints';
  readonly maxDistance: number;
  readonly near: number;
}

export function compareJoints(baseline: readonly Person[], found: readonly Person[]): JointAgreement {
  const distances = baseline.flatMap(({ keypoints }, person) =>
    keypoints.map(({ x, y }, joint) => {
      const other = found[person]?.keypoints[joint];
      return other === undefined ? Number.POSITIVE_INFINITY : Math.hypot(other.x - x, other.y - y);
    }),
  );
  const missing = found.length > baseline.length ? Number.POSITIVE_INFINITY : 0;
  const near = distances.length === 0 ? 1 : distances.filter((distance) => distance <= 1).length / distances.length;
  return { kind: 'joints', maxDistance: Math.max(missing, ...distances), near };
}

export const jointAgreement: AgreementKind<JointAgreement> = {
  merge: (a, b) => ({
    kind: 'joints',
    maxDistance: Math.max(a.maxDistance, b.maxDistance),
    near: Math.min(a.near, b.near),
  }),
  share: ({ near }) => near,
  agrees: ({ maxDistance }, { jointPixels }) => maxDistance <= jointPixels,
  describe: ({ maxDistance }) => `joints ± ${maxDistance.toFixed(2)} px`,
};
