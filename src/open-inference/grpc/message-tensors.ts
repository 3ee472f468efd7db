import type { ReceivedTensor, Refuse } from '../described-tensor';
import { type InferTensor, type Integer, integerOf, type TypedContents } from './messages';

const noBytes = Buffer.alloc(0);

/** Where the elements of each data type are if they are not raw; FP16 and BF16 are always raw. */
const lists: Readonly<Record<string, keyof TypedContents>> = {
  BOOL: 'boolContents',
  ...{ INT8: 'intContents', INT16: 'intContents', INT32: 'intContents', INT64: 'int64Contents' },
  ...{ UINT8: 'uintContents', UINT16: 'uintContents', UINT32: 'uintContents', UINT64: 'uint64Contents' },
  ...{ FP32: 'fp32Contents', FP64: 'fp64Contents', BYTES: 'bytesContents' },
};

/**
 * The tensors of a message: with their raw bytes, which are views of the message, or with elements.
 *
 * @param what `inputs` or `outputs`
 */
export function readMessageTensors(
  what: string,
  tensors: readonly InferTensor[],
  raw: readonly Buffer[],
  refuse: Refuse,
): ReceivedTensor[] {
  if (raw.length > 0 && raw.length !== tensors.length) {
    throw refuse(`as many raw contents as ${what}`, `${raw.length} for ${tensors.length}`);
  }
  return tensors.map(({ name, datatype, shape, contents }, i) => {
    const place = `${what.slice(0, -1)} "${name}"`;
    const described = { name, datatype, shape: shapeOf(place, shape, refuse) };
    const bytes = raw[i];
    if (bytes !== undefined) return { ...described, content: bytes.length, bytes };
    return { ...described, content: elementsOf(place, datatype, contents, refuse), bytes: noBytes };
  });
}

function shapeOf(place: string, shape: readonly Integer[], refuse: Refuse): number[] {
  const extents = shape.map(integerOf);
  const wrong = extents.find((extent) => typeof extent === 'string' || extent < 0);
  if (wrong !== undefined) throw refuse(`integers ≥ 0 for the shape of ${place}`, String(wrong));
  return extents as number[];
}

/** Those of unknown data types are refused by their readers. */
function elementsOf(
  place: string,
  datatype: string,
  contents: TypedContents | null | undefined,
  refuse: Refuse,
): readonly unknown[] {
  if (datatype === 'FP16' || datatype === 'BF16') throw refuse(`raw contents for ${place} of ${datatype}`, 'none');
  const list = lists[datatype];
  if (contents === undefined || contents === null || list === undefined) return [];
  const elements = contents[list];
  const others = Object.values(lists).filter((one) => one !== list && contents[one].length > 0);
  if (others.length > 0) throw refuse(`elements of ${datatype} for ${place}`, `those of ${others[0]}`);
  const isLong = list === 'int64Contents' || list === 'uint64Contents';
  return isLong ? (elements as readonly Integer[]).map(integerOf) : elements;
}
