import type { LoadedImport } from './cell-syntax';
import type { ServerDiagnostic } from './diagnostics';

/** The compiler's errors for a type, or a namespace of types, where a value is expected. */
const NOT_VALUES: ReadonlySet<number | undefined> = new Set([2693, 2708, 1361, 1362, 2585]);

/**
 * Finds the imported names that are only types, among imports of modules that may have no code. A cell may import them
 * without `type`, but nothing can be loaded for them.
 */
export class TypeImports {
  private readonly known = new Map<string, ReadonlySet<string>>();

  /** @param check the errors of a text in the place of the cell */
  constructor(private readonly check: (text: string) => Promise<readonly ServerDiagnostic[]>) {}

  /** The names that are only types. */
  async among(imports: readonly LoadedImport[]): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for (const each of imports) for (const name of await this.of(each)) found.add(name);
    return found;
  }

  private async of({ text, names }: LoadedImport): Promise<ReadonlySet<string>> {
    const before = this.known.get(text);
    if (before !== undefined) return before;
    const uses = names.map(({ local, isNamespace }) => {
      // A namespace without values has no keys.
      return isNamespace ? `null! as keyof typeof ${local} satisfies never;` : `${local};`;
    });
    const diagnostics = await this.check(`${text.replaceAll('\n', ' ')}\n${uses.join('\n')}\nexport {};`);
    const types = names.filter(({ isNamespace }, index) => {
      const errors = diagnostics.filter(({ severity, range }) => severity === 1 && range.start.line === index + 1);
      return isNamespace ? errors.length === 0 : errors.some(({ code }) => NOT_VALUES.has(code));
    });
    const found = new Set(types.map(({ local }) => local));
    this.known.set(text, found);
    return found;
  }
}
