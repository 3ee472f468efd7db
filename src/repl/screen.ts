import type { GraphicsProtocol } from './graphics/graphics-protocol';
import type { KernelMessage } from './kernel-client';

interface Bundle {
  'text/plain'?: string;
  'image/png'?: string;
}

export interface ScreenOptions {
  write(text: string): void;
  /** Whether it is a terminal, where what was written can be written over. */
  isTerminal: boolean;
  columns(): number;
  graphics: GraphicsProtocol | undefined;
}

/** Writes the output of cells as a person at a terminal wants to see it. */
export class Screen {
  /** An output that can still be replaced, because nothing was written after it. */
  private last: { id: string; lines: number } | undefined;
  /** Pictures take time to encode; what comes after waits. */
  private queue: Promise<void> = Promise.resolve();

  constructor(private readonly options: ScreenOptions) {}

  /** Settles when everything so far is written. */
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

  /** What a reply wants to be shown beside the output. */
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
