import { escapeHtml, inspectCustom, jupyterDisplay, type MimeBundle } from '../notebook/display';
import { type Agreement, agreesFully, type ObjectAgreement } from './agreement';
import type { BackendName } from './backends';

export type { Agreement, ObjectAgreement } from './agreement';

/** What became of one backend. */
export type BackendRow =
  | {
      readonly kind: 'measured';
      readonly backend: BackendName;
      /** Median time of a run, model only, in milliseconds. */
      readonly medianMs: number;
      /** Fastest and slowest run. */
      readonly minMs: number;
      readonly maxMs: number;
      readonly runs: number;
      readonly loadMs: number;
      readonly firstRunMs: number;
      /** Median of the baseline divided by this one's; undefined where the baseline was not measured. */
      readonly speedup: number | undefined;
      /** Against the baseline; undefined where that was not measured. */
      readonly agreement: Agreement | undefined;
    }
  | {
      /**
       * `unavailable`: this runtime or machine has it not; `failed`: Paddle refused the model; `crashed`: the process
       * died; `timeout`: it took too long; `interrupted`: it was given up; `pending`: not measured yet.
       */
      readonly kind: 'unavailable' | 'failed' | 'crashed' | 'timeout' | 'interrupted' | 'pending';
      readonly backend: BackendName;
      readonly reason: string;
    };

type Measured = Extract<BackendRow, { kind: 'measured' }>;

/** The outcome of `compareBackends`, one row a backend; shows itself as a table. */
export class BackendReport {
  constructor(
    readonly rows: readonly BackendRow[],
    /** CPU threads of every backend. */
    readonly threads: number,
    /** Version of Paddle; undefined while nothing was measured. */
    readonly paddle: string | undefined,
  ) {}

  /** The fastest backend that finds the same objects as the baseline; undefined where there is none. */
  get best(): BackendName | undefined {
    const agreeing = this.rows.filter(
      (row): row is Measured => row.kind === 'measured' && (row.agreement === undefined || agreesFully(row.agreement)),
    );
    return agreeing.sort((a, b) => a.medianMs - b.medianMs)[0]?.backend;
  }

  toJSON(): object {
    return { paddle: this.paddle, threads: this.threads, best: this.best, rows: this.rows };
  }

  [inspectCustom](): string {
    const lines = [header, ...this.rows.map((row) => this.cells(row))];
    const widths = header.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
    const text = lines.map((cells) =>
      cells
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    );
    return [this.title(), ...text].join('\n');
  }

  [jupyterDisplay](): MimeBundle {
    const cell = (tag: string, text: string, column: number): string => {
      const wrap = column < header.length - 1 ? 'white-space:nowrap' : 'white-space:normal';
      return `<${tag} style="text-align:left;${wrap}">${escapeHtml(text)}</${tag}>`;
    };
    const cells = (tag: string, texts: readonly string[]): string =>
      texts.map((text, i) => cell(tag, text, i)).join('');
    const body = this.rows.map((row) => {
      const weight = row.backend === this.best ? ' style="font-weight:bold"' : '';
      return `<tr${weight}>${cells('td', this.cells(row))}</tr>`;
    });
    const head = cells('th', header);
    const html = `<div>${escapeHtml(this.title())}</div><table><tr>${head}</tr>${body.join('')}</table>`;
    return { 'text/plain': this[inspectCustom](), 'text/html': html };
  }

  private title(): string {
    const paddle = this.paddle === undefined ? 'Backends' : `Backends of Paddle ${this.paddle}`;
    return `${paddle}, ${this.threads} CPU ${this.threads === 1 ? 'thread' : 'threads'}`;
  }

  private cells(row: BackendRow): string[] {
    const name = row.backend === this.best ? `${row.backend} ★` : row.backend;
    if (row.kind !== 'measured') return [name, row.kind, '', row.reason];
    const { medianMs, speedup, agreement } = row;
    const ratio = speedup === undefined ? '' : `${speedup.toFixed(2)} ×`;
    return [name, `${medianMs.toFixed(2)} ms`, ratio, agreement === undefined ? '' : showAgreement(agreement)];
  }
}

const header = ['backend', 'median', 'speed', 'agreement with plain'];

function showAgreement(agreement: Agreement): string {
  const warning = agreesFully(agreement) ? '' : '⚠ ';
  switch (agreement.kind) {
    case 'objects':
      return warning + showObjects(agreement);
    case 'pixels':
      return `${warning}${(100 * agreement.equal).toFixed(3)} % of pixels`;
    case 'classes':
      return `${warning}${agreement.same ? 'same' : 'other'} class, scores ± ${showDifference(agreement.maxScoreDifference)}`;
    case 'joints':
      return `${warning}joints ± ${agreement.maxDistance.toFixed(2)} px`;
    case 'tensors':
      return `${warning}values ± ${showDifference(agreement.maxDifference)}`;
  }
}

function showObjects({ matched, expected, extra, maxScoreDifference }: ObjectAgreement): string {
  const objects = `${matched} of ${expected} objects${extra > 0 ? `, ${extra} extra` : ''}`;
  const scores = matched === 0 ? '' : `, scores ± ${showDifference(maxScoreDifference)}`;
  return `${objects}${scores}`;
}

function showDifference(value: number): string {
  return value === 0 ? '0' : value.toExponential(1);
}
