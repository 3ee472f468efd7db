import type { AgreementKind } from './agreement-kind';
import { type ClassAgreement, classAgreement } from './classes';
import { type JointAgreement, jointAgreement } from './joints';
import { type ObjectAgreement, objectAgreement } from './objects';
import { type OwnAgreement, ownAgreement } from './own';
import { type PixelAgreement, pixelAgreement } from './pixels';
import { type TensorAgreement, tensorAgreement } from './tensors';
import { type TextAgreement, textAgreement } from './texts';
import { type Tolerance, tolerances } from './tolerances';

/** How the results of a backend agree with the baseline's for the same images, for each type of result. */
export type Agreement =
  | ObjectAgreement
  | PixelAgreement
  | ClassAgreement
  | JointAgreement
  | TextAgreement
  | TensorAgreement
  | OwnAgreement;

type ByKind = { readonly [K in Agreement['kind']]: AgreementKind<Extract<Agreement, { readonly kind: K }>> };

const kinds: ByKind = {
  objects: objectAgreement,
  pixels: pixelAgreement,
  classes: classAgreement,
  joints: jointAgreement,
  texts: textAgreement,
  tensors: tensorAgreement,
  own: ownAgreement,
};

function kindOf({ kind }: Agreement): AgreementKind<Agreement> {
  return kinds[kind] as AgreementKind<Agreement>;
}

/**
 * Merges the agreements of several images; means are merged to the lowest. Undefined if the two are of different kinds.
 */
export function mergeAgreements(a: Agreement, b: Agreement): Agreement | undefined {
  return a.kind === b.kind ? kindOf(a).merge(a, b) : undefined;
}

/**
 * The share that is the same, 0 to 1: matched objects, equal pixels, images of the same class, joints within a pixel.
 */
export function agreementShare(agreement: Agreement): number {
  return kindOf(agreement).share(agreement);
}

/** Whether both results are the same, within what the precision explains. */
export function agreesFully(agreement: Agreement, tolerance: Tolerance = tolerances.fp32): boolean {
  return kindOf(agreement).agrees(agreement, tolerance);
}

export function describeAgreement(agreement: Agreement): string {
  return kindOf(agreement).describe(agreement);
}
