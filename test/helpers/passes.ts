import { loadBinding } from '../../src/native/binding';
import type { NativeGeometry, NativePass, NativePixels } from '../../src/native/image-types';

/** Runs one geometry of the native kernels on pixels, keeping their type. */
export async function runGeometry(source: NativePixels, geometry: NativeGeometry): Promise<Uint8Array | Float32Array> {
  const { width, height } = geometry;
  const samples = width * height * source.channels;
  const target = source.data instanceof Uint8Array ? new Uint8Array(samples) : new Float32Array(samples);
  const pass: NativePass = {
    geometry,
    map: {
      order: Array.from({ length: source.channels }, (_, i) => i),
      arithmetic: [],
      ...{ width, height, left: 0, top: 0, fill: Array(source.channels).fill(0) },
      planes: false,
      bytes: target instanceof Uint8Array,
    },
  };
  await loadBinding().runPasses(source, [pass], target);
  return target;
}
