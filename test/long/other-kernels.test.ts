import { afterAll, describe, expect, test } from 'vitest';
import { observationsOfOthers, saveObservations, writeComparison } from '../helpers/comparison-table';
import { ensureOtherKernels, type OtherKernel } from '../helpers/other-kernels.cjs';
import { PROBES } from './other-kernels/attempts';

// Measures the cells of other kernels in src/kernel/README.md. `UPDATE_DOCS=1` writes them; earlier observations of the
// same version are kept as alternatives, until they are deleted from the file.
const isUpdate = process.env.UPDATE_DOCS === '1';
const others = ensureOtherKernels() ?? [];
const known = observationsOfOthers();

afterAll(() => {
  if (!isUpdate) return;
  saveObservations(known);
  writeComparison(known);
});

describe.skipIf(others.length === 0).each(others)('the cells of $name $version', (kernel) => {
  if (isUpdate && known.versions[kernel.name] !== kernel.version) forget(kernel);

  test('are measured with this version', () => expect(known.versions[kernel.name]).toBe(kernel.version));

  test.each(PROBES)('$row', async (probe) => {
    const seen = await probe.try(kernel);
    process.stdout.write(`${kernel.name}, ${probe.row}: ${seen}\n`);
    const before = known.rows[probe.row]?.[kernel.name] ?? [];
    if (!isUpdate) expect(before).toContain(seen);
    else known.rows[probe.row] = { ...known.rows[probe.row], [kernel.name]: [...new Set([...before, seen])] };
  });
});

function forget({ name, version }: OtherKernel): void {
  known.versions[name] = version;
  for (const row of Object.values(known.rows)) delete row[name];
}
