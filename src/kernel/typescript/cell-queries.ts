import type { CellDocuments, CellText } from './cell-documents';
import type { ReadCell } from './cell-syntax';
import type { ServerCompletion } from './completion';
import type { ServerDiagnostic, ServerPosition } from './diagnostics';
import { writableType } from './inferred-types';
import type { LanguageServer } from './language-server';
import { type Hover, hintsAt, plainHover, plainSignatures, type SignatureHelp, withHints } from './quick-info';

/** What the kernel asks the server about the cell that is shown as the current document. */
export class CellQueries {
  constructor(
    private readonly server: LanguageServer,
    private readonly documents: CellDocuments,
  ) {}

  /** The errors and hints of the cell, or of a file. */
  async diagnose(file: string = this.documents.current): Promise<readonly ServerDiagnostic[]> {
    const textDocument = { uri: this.server.uriOf(file) };
    const report = await this.server.request<{ items?: ServerDiagnostic[] }>('textDocument/diagnostic', {
      textDocument,
    });
    return report.items ?? [];
  }

  /** Makes the server take the changed documents, without a check. */
  async renewProgram(): Promise<void> {
    const textDocument = { uri: this.server.uriOf(this.documents.current) };
    await this.server.request('textDocument/documentSymbol', { textDocument });
  }

  complete(source: string, offset: number, text: CellText): Promise<ServerCompletion | null> {
    return this.server.request('textDocument/completion', this.at(source, offset, text));
  }

  /** Type, documentation and hints of the name at an offset, or the signatures of the call around it. */
  async inspect(source: string, offset: number, text: CellText): Promise<string | undefined> {
    const at = this.at(source, offset, text);
    const [hover, found] = await Promise.all([
      this.server.request<Hover | null>('textDocument/hover', at),
      this.diagnose(),
    ]);
    const info = hover === null ? undefined : plainHover(hover);
    if (info !== undefined) return withHints(info, hintsAt(found, at.position));
    const help = await this.server.request<SignatureHelp | null>('textDocument/signatureHelp', at);
    return help === null ? undefined : plainSignatures(help);
  }

  /** The types of those names whose inference would begin in earlier cells. */
  async inferredTypes(source: string, { inferred, declared }: ReadCell, text: CellText): Promise<Map<string, string>> {
    const types = new Map<string, string>();
    if (![...text.used.values()].some(({ kind }) => kind !== 'import' && kind !== 'type')) return types;
    const isOwn = (name: string): boolean => declared.has(name) || this.documents.has(name);
    const found = inferred.map(async ({ name, start }) => {
      const hover = await this.server.request<Hover | null>('textDocument/hover', this.at(source, start, text));
      const type = hover === null ? undefined : writableType(plainHover(hover) ?? '', isOwn);
      if (type !== undefined) types.set(name, type);
    });
    await Promise.all(found);
    return types;
  }

  private at(source: string, offset: number, { linesBefore }: CellText): DocumentPosition {
    const before = source.slice(0, offset).split('\n');
    const position = { line: before.length - 1 + linesBefore, character: before.at(-1)?.length ?? 0 };
    return { textDocument: { uri: this.server.uriOf(this.documents.current) }, position };
  }
}

interface DocumentPosition {
  textDocument: { uri: string };
  position: ServerPosition;
}
