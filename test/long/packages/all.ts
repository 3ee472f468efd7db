import { buildingPackages } from './building';
import { checkingPackages } from './checking';
import { everydayPackages } from './everyday';
import type { PackageCase } from './package-case';
import { serverPackages } from './servers';

export const packageCases: readonly PackageCase[] = [
  ...everydayPackages,
  ...checkingPackages,
  ...serverPackages,
  ...buildingPackages,
];
