import readline from 'node:readline';

/** The language functions that the editor needs. */
export interface Language {
  complete(code: string, cursor: number): Promise<{ matches: string[]; start: number; end: number }>;
  /** The indentation of the next line if the code is incomplete; undefined if it can run. */
  openLine(code: string): Promise<string | undefined>;
}

/** Node's description of a pressed key; undefined for some keys without a name. */
type Key = { name?: string; ctrl?: boolean; meta?: boolean } | undefined;

/** The internals of Node's readline interface that make multi-line editing possible. */
interface Internals {
  _ttyWrite(text: string, key: Key): void;
  _insertString(text: string): void;
}

const PROMPT = '> ';

/**
 * Reads cells from a terminal: Enter runs a complete cell and adds a line to an incomplete one. Input typed or pasted
 * while that is decided, or while a cell runs, is queued.
 */
export class LineEditor {
  readonly interface: readline.Interface;
  private onCell: ((cell: string | undefined) => void) | undefined;
  private readonly typedAhead: [text: string, key: Key][] = [];
  private isDeciding = false;
  private isAsking = false;
  private press: Internals['_ttyWrite'] = () => {};

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
      // Node calls a one-argument completer synchronously, so the form with a callback is used.
      completer: (line: string, callback: (error: null, result: [string[], string]) => void) => {
        void this.decide(async () => callback(null, await this.complete(line)));
      },
    });
    this.openLines();
    this.interface.on('line', (line) => this.give(line));
    this.interface.on('SIGINT', () => this.interrupt());
    this.interface.on('close', () => this.give(undefined));
  }

  /** The next cell; undefined when the user has quit. */
  read(): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.onCell = resolve;
      this.interface.prompt();
      this.pressWaiting();
    });
  }

  /** Asks a question from a cell. */
  ask(text: string, secret: boolean): Promise<string> {
    const { output } = this.interface as unknown as { output: NodeJS.WriteStream };
    return new Promise((resolve) => {
      const write = output.write;
      this.interface.question(text, (answer) => {
        output.write = write;
        this.isAsking = false;
        if (secret) output.write('\n');
        resolve(answer);
      });
      if (secret) output.write = (() => true) as typeof write;
      this.isAsking = true;
      this.pressWaiting();
    });
  }

  private give(cell: string | undefined): void {
    const { onCell } = this;
    this.onCell = undefined;
    onCell?.(cell);
  }

  private interrupt(): void {
    this.typedAhead.length = 0;
    if (this.onCell === undefined) {
      this.onInterrupt();
      return;
    }
    // At the prompt: discard the typed text.
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
    this.press = (text, key) => {
      const isEnter = key?.name === 'return' || key?.name === 'enter';
      if (!isEnter || this.onCell === undefined) {
        write(text, key);
        return;
      }
      void this.decide(async () => {
        const indent = await this.language.openLine(this.interface.line);
        if (indent === undefined) write(text, key);
        else editor._insertString(`\n${indent}`);
      });
    };
    editor._ttyWrite = (text, key) => {
      const isInterrupt = key?.ctrl === true && key.name === 'c';
      if (this.isBusy && !isInterrupt) this.typedAhead.push([text, key]);
      else this.press(text, key);
    };
  }

  private get isBusy(): boolean {
    return this.isDeciding || (this.onCell === undefined && !this.isAsking);
  }

  private async decide(work: () => Promise<void>): Promise<void> {
    this.isDeciding = true;
    try {
      await work();
    } finally {
      this.isDeciding = false;
      this.pressWaiting();
    }
  }

  private pressWaiting(): void {
    while (!this.isBusy) {
      const next = this.typedAhead.shift();
      if (next === undefined) return;
      this.press(...next);
    }
  }
}
