import type { SourceName } from '../sources/source';
import type { ModuleName } from './modules';

/** What is known of an official model besides its name. */
export interface CatalogueRow {
  /** PaddleX's module, which decides task, toolkit, and whether this version runs it. */
  readonly module: ModuleName;
  /** Size of the exported model, as PaddleX states it. */
  readonly megabytes?: number;
  /** `dynamic`: weights for Python code, without a program that Paddle's predictor could load. */
  readonly weights?: 'dynamic';
  /** Whether PaddleX lists it for Hugging Face and ModelScope, too. */
  readonly onHubs?: true;
  /** Licence of the weights, where their page states it. */
  readonly licence?: string;
  /** The only source that has it. */
  readonly only?: SourceName;
}

/** Keeps the names as literals, and shortens the type of each row. */
export function catalogue<Name extends string>(rows: Record<Name, CatalogueRow>): Readonly<Record<Name, CatalogueRow>> {
  return rows;
}
