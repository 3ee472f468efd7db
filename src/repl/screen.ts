import type { GraphicsProtocol } from './graphics/graphics-protocol';
import type { KernelMessage } from './kernel-client';

interface Bundle {
  'text/plain'?: string;
  'image/png'?: string;
}

export interface ScreenOptions {
  write(text: string): void;
  /** Whether it is a terminal, where output can be overwritten. */
  isTerminal: boolean;
  columns(): number;
  graphics: GraphicsProtocol | undefined;
}

/** Writes the output of cells for a terminal. */
export class Screen {
  /** The output that can still be replaced, because nothing was written after it. */
  private last: { id: string; lines: number } | undefined;
  /** Encoding pictures takes time; later output waits for it. */
  private queue: Promise<void> = Promise.resolve();

  constructor(private readonly options: ScreenOptions) {}

  /** Settles when all output so far is written. */
  settled(): Promise<void> {
    return this.queue;
  }

  show(message: KernelMessage): void {
    this.queue = this.queue.then(() => this.write(message)).catch(() => undefined);
  }

  private async write({ header, content }: KernelMessage): Promise<void> {
    switch (header.msg_type) {
      case 'stream':
        this.put(String(content.text));
        return;
      case 'error':
        this.put(`${(content.traceback as string[]).join('\n')}\n`);
        return;
      case 'execute_result':
        this.put(await this.render(content.data as Bundle));
        return;
      case 'display_data':
        await this.display(content, 'new');
        return;
      case 'update_display_data':
        await this.display(content, 'update');
        return;
      case 'clear_output':
        if (this.options.isTerminal) this.put('\x1b[2J\x1b[H');
    }
  }

  /** Shows the pages of a reply. */
  page(payload: readonly { source?: string; data?: Bundle }[]): void {
    for (const { source, data } of payload) if (source === 'page') this.put(`${data?.['text/plain'] ?? ''}\n`);
  }

  private async display(content: Record<string, unknown>, kind: 'new' | 'update'): Promise<void> {
    const id = String((content.transient as { display_id?: string } | undefined)?.display_id ?? '');
    const text = await this.render(content.data as Bundle);
    if (kind === 'update') {
      if (this.last?.id !== id || !this.options.isTerminal) return;
      this.options.write(`\x1b[${this.last.lines}A\r\x1b[J`);
    }
    this.put(text);
    this.last = { id, lines: text.split('\n').length - 1 };
  }

  private async render(data: Bundle): Promise<string> {
    const { graphics } = this.options;
    const text = data['text/plain'] === undefined ? '' : `${data['text/plain']}\n`;
    if (graphics === undefined || data['image/png'] === undefined) return text;
    return `${await graphics.encode(Buffer.from(data['image/png'], 'base64'), this.options.columns())}${text}`;
  }

  private put(text: string): void {
    this.last = undefined;
    this.options.write(text);
  }
}
