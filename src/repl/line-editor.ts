import readline from 'node:readline';

/** What the editor asks the language. */
export interface Language {
  complete(code: string, cursor: number): Promise<{ matches: string[]; start: number; end: number }>;
  /** The indentation of the next line if the code needs one; undefined if it can run. */
  openLine(code: string): Promise<string | undefined>;
}

/** The parts of Node's interface that make it an editor of several lines. */
interface Internals {
  _ttyWrite(text: string, key: { name?: string; ctrl?: boolean; meta?: boolean } | undefined): void;
  _insertString(text: string): void;
}

const PROMPT = '> ';

/** Reads cells from a terminal: Enter runs a cell that is complete and opens a line in any other. */
export class LineEditor {
  readonly interface: readline.Interface;
  private onCell: ((cell: string | undefined) => void) | undefined;

  constructor(
    private readonly language: Language,
    history: readonly string[],
    streams: { input: NodeJS.ReadStream; output: NodeJS.WriteStream },
    private readonly onInterrupt: () => void,
  ) {
    this.interface = readline.createInterface({
      ...streams,
      terminal: true,
      prompt: PROMPT,
      history: [...history],
      historySize: 1000,
      removeHistoryDuplicates: true,
      // Node takes the promise of a completer that has one argument only by its callback form.
      completer: (line: string, callback: (error: null, result: [string[], string]) => void) => {
        void this.complete(line).then((result) => callback(null, result));
      },
    });
    this.openLines();
    this.interface.on('line', (line) => this.give(line));
    this.interface.on('SIGINT', () => this.interrupt());
    this.interface.on('close', () => this.give(undefined));
  }

  /** The next cell; undefined when the person has left. */
  read(): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.onCell = resolve;
      this.interface.prompt();
    });
  }

  /** Asks a question of a cell's. */
  ask(text: string, secret: boolean): Promise<string> {
    const { output } = this.interface as unknown as { output: NodeJS.WriteStream };
    return new Promise((resolve) => {
      const write = output.write;
      this.interface.question(text, (answer) => {
        output.write = write;
        if (secret) output.write('\n');
        resolve(answer);
      });
      if (secret) output.write = (() => true) as typeof write;
    });
  }

  private give(cell: string | undefined): void {
    const { onCell } = this;
    this.onCell = undefined;
    onCell?.(cell);
  }

  private interrupt(): void {
    if (this.onCell === undefined) {
      this.onInterrupt();
      return;
    }
    // At the prompt: away with what was typed.
    this.interface.write(null, { ctrl: true, name: 'e' });
    process.stdout.write('\n');
    (this.interface as unknown as { line: string; cursor: number }).line = '';
    (this.interface as unknown as { line: string; cursor: number }).cursor = 0;
    this.interface.prompt();
  }

  private async complete(line: string): Promise<[string[], string]> {
    const { matches, start } = await this.language.complete(line, line.length);
    return [matches, line.slice(start)];
  }

  private openLines(): void {
    const editor = this.interface as unknown as Internals;
    const write = editor._ttyWrite.bind(this.interface);
    editor._ttyWrite = (text, key) => {
      const isEnter = key?.name === 'return' || key?.name === 'enter';
      if (!isEnter || this.onCell === undefined) {
        write(text, key);
        return;
      }
      void this.language.openLine(this.interface.line).then((indent) => {
        if (indent === undefined) write(text, key);
        else editor._insertString(`\n${indent}`);
      });
    };
  }
}
