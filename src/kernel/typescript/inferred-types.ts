/** Types and type operators that mean the same in every document. */
const GLOBAL = new Set(
  'any bigint boolean never null number object readonly string symbol undefined unknown void Array ReadonlyArray Map ReadonlyMap Set ReadonlySet Promise Date RegExp Error ArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array BigInt64Array BigUint64Array'.split(
    ' ',
  ),
);
/** Names of properties and parameters. */
const LABEL = /[\p{ID_Start}$_][\p{ID_Continue}$]*\??:/gu;
const WORD = /[\p{ID_Start}$_][\p{ID_Continue}$]*/gu;
/** Literals widen when they are assigned, unless they are written as a type; dots stand for what is left out. */
const UNSAFE = /['"`\d]|\.\.\./;
/** Documentation follows after an empty line. */
const SHOWN = /^(?:const|let|var) (\S+): ([\s\S]+)$/;

/**
 * The type in the compiler's description of a variable, if it can take the place of inference: then a chain of values,
 * each computed from the one before, is not inferred from its beginning for every cell.
 *
 * @param isOwn whether the notebook has declared a name
 */
export function writableType(shown: string, isOwn: (name: string) => boolean): string | undefined {
  const [, , type] = SHOWN.exec(shown.split('\n\n')[0] ?? '') ?? [];
  if (type === undefined || UNSAFE.test(type)) return undefined;
  const words = type.replace(LABEL, ' ').match(WORD) ?? [];
  return words.every((word) => GLOBAL.has(word) && !isOwn(word)) ? type : undefined;
}
