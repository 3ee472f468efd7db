import type { MimeBundle } from '../../display/display';
import { Button } from './button';
import { Slider } from './slider';
import { Widget } from './widget';

/** A JPEG whose content changes. */
export class JpegView extends Widget {
  #bytes: Buffer = Buffer.alloc(0);

  constructor() {
    // A column would stretch it.
    const layout = { align_self: 'flex-start', max_width: '100%' };
    super('', { name: 'Image', state: { format: 'jpeg', value: new Uint8Array(), width: '', height: '' }, layout });
  }

  show(bytes: Buffer): void {
    this.setState({ value: bytes });
    this.#bytes = bytes;
  }

  protected override text(): string {
    return '[ picture ]';
  }

  protected override html(): string {
    if (this.#bytes.length === 0) return super.html();
    const data = this.#bytes.toString('base64');
    return `<img alt="" style="max-width:100%" src="data:image/jpeg;base64,${data}"/>`;
  }
}

/** A line of text that changes. */
export class TextLine extends Widget {
  constructor() {
    super('', { name: 'Label', style: 'LabelStyle', state: { value: '' } });
  }

  show(value: string): void {
    this.setState({ value });
  }

  protected override text(): string {
    return String(this.state('value'));
  }
}

/** A button whose face changes; static pages don't show it. */
export class ControlButton extends Button {
  face(description: string, icon: string): void {
    this.setState({ description, icon });
  }

  disable(): void {
    this.setState({ disabled: true });
  }

  override still(): MimeBundle {
    return { 'text/plain': '', 'text/html': '' };
  }
}

/** A slider whose range grows; static pages don't show it. */
export class Scrubber extends Slider {
  constructor() {
    super('', { min: 0, max: 1, value: 0 }, 1);
    this.setState({ readout: false });
  }

  /** Sets the range and the position, without an event. */
  place(min: number, max: number, value: number): void {
    this.min = min;
    this.max = Math.max(max, min + 1);
    this.setState({ min, max: this.max, value });
  }

  override still(): MimeBundle {
    return { 'text/plain': '', 'text/html': '' };
  }
}
