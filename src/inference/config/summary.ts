import { escapeHtml, inspectCustom, jupyterDisplay, type MimeBundle } from '../../display/display';
import { scrollingTable } from '../../display/html-table';
import { showControlsInLines } from '../../text/controls';

/** One line of a summary. */
export interface SummaryRow {
  readonly option: string;
  readonly value: string;
}

/** Paddle's table of a configuration, as data; notebooks show it as a table. */
export class ConfigSummary {
  readonly rows: readonly SummaryRow[];

  /** @internal Use `config.summary()`. */
  constructor(
    /** The table as Paddle draws it. */
    readonly text: string,
  ) {
    this.rows = parseRows(text);
  }

  /** The value of an option; undefined if the table has no such row. */
  get(option: string): string | undefined {
    return this.rows.find((row) => row.option === option)?.value;
  }

  /** The table as Paddle prints it. */
  toString(): string {
    return this.text;
  }

  [inspectCustom](): string {
    return showControlsInLines(this.text);
  }

  [jupyterDisplay](): MimeBundle {
    const cells = this.rows.map(
      ({ option, value }) => `<tr><td>${escapeHtml(option)}</td><td>${escapeHtml(value)}</td></tr>`,
    );
    const head = '<thead><tr><th>Option</th><th>Value</th></tr></thead>';
    return {
      'text/plain': this[inspectCustom](),
      'text/html': scrollingTable(`${head}<tbody>${cells.join('')}</tbody>`),
    };
  }
}

/** Rows look like `| use_gpu | false |`, with a heading of the same form at the top. */
function parseRows(text: string): SummaryRow[] {
  const rows: SummaryRow[] = [];
  for (const line of text.split('\n')) {
    const found = /^\|\s*(.*?)\s*\|\s*(.*?)\s*\|?\s*$/.exec(line);
    if (found?.[1] === undefined || found[2] === undefined || found[1] === 'Option') continue;
    rows.push({ option: found[1], value: found[2] });
  }
  return rows;
}
