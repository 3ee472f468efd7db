import { currentCellSignal } from '../../display/live-output';
import { Picture } from '../../drawing/picture';
import { integer, number, type OptionChecks } from '../../options';
import { throwIfAborted } from '../../validate';
import { resizeTo, toPixels, type ViewImage } from '../../visualize/views/mosaic';
import { Box, hbox } from './box';
import { type KeptFrame, KeptFrames } from './kept-frames';
import { ControlButton, JpegView, Scrubber, TextLine } from './player-parts';
import { checkWidgetOptions, type WidgetOptions } from './widget';

export interface PlayerOptions extends WidgetOptions {
  /** Pictures wider than this are shown smaller, in pixels; default 640. */
  readonly width?: number;
  /** Most pictures per second that are sent to the page, 0.1 to 60; default 10. All can be looked at with the slider. */
  readonly maxFps?: number;
  /** How many of the last pictures the slider reaches; default 500, and not more than take 64 MiB. */
  readonly keep?: number;
}

type PlayerLimits = Required<Omit<PlayerOptions, 'label'>>;

const mostKeptBytes = 2 ** 26;

/** Shows pictures as they come, with a pause and a slider over those that came; created by `widgets.player`. */
export class Player extends Box {
  /** Shown before the number of a picture. */
  readonly title: string;
  readonly #view: JpegView;
  readonly #line: TextLine;
  readonly #pause: ControlButton;
  readonly #stop: ControlButton;
  readonly #slider: Scrubber;
  readonly #kept: KeptFrames;
  readonly #width: number;
  readonly #intervalMs: number;
  #count = 0;
  #sentAt = Number.NEGATIVE_INFINITY;
  #state: 'playing' | 'paused' | 'stopped' = 'playing';
  #wake: () => void = () => {};

  /** @internal */
  constructor(label: string, { width, maxFps, keep }: PlayerLimits) {
    const [view, line, slider] = [new JpegView(), new TextLine(), new Scrubber()];
    const [pause, stop] = [new ControlButton('Pause', 'pause'), new ControlButton('Stop', 'stop')];
    super('VBox', [view, hbox([pause, stop, slider, line])]);
    [this.#view, this.#line, this.#slider, this.#pause, this.#stop] = [view, line, slider, pause, stop];
    [this.#width, this.#intervalMs] = [width, 1000 / maxFps];
    this.#kept = new KeptFrames(keep, mostKeptBytes);
    this.title = label;
    pause.listen(() => (this.#state === 'paused' ? this.resume() : this.pause()));
    stop.listen(() => this.stop());
    slider.listen(() => this.#seek(slider.value));
  }

  /** How many pictures were shown. */
  get count(): number {
    return this.#count;
  }

  /** Whether `show` waits. */
  get isPaused(): boolean {
    return this.#state === 'paused';
  }

  /** Whether the user, or `stop`, has ended it. */
  get isStopped(): boolean {
    return this.#state === 'stopped';
  }

  /**
   * Shows the next picture, with a line of text; while the player is paused it waits. False once it was stopped.
   *
   * @throws PaddleLabError IMAGE_UNREADABLE; ABORTED when the cell is interrupted; DISPOSED when the player was closed
   */
  async show(image: ViewImage, line = ''): Promise<boolean> {
    if (this.#state === 'stopped') return false;
    const pixels = await toPixels(image);
    const width = Math.min(this.#width, pixels.width);
    const small = await resizeTo(pixels, width, Math.max(1, Math.round((pixels.height * width) / pixels.width)));
    const jpeg = await new Picture(small, '').toBuffer('jpeg');
    const frame: KeptFrame = { number: this.#count++, jpeg, text: line };
    this.#kept.add(frame);
    if (performance.now() - this.#sentAt >= this.#intervalMs) this.#send(frame);
    await this.#whilePaused();
    return !this.isStopped;
  }

  /** Replaces the line of text until the next picture. */
  note(line: string): void {
    this.#line.show(line);
  }

  /** Lets `show` wait until `resume`, as the button does. */
  pause(): void {
    if (this.#state !== 'playing') return;
    this.#state = 'paused';
    this.#pause.face('Continue', 'play');
    this.#send(this.#kept.last);
  }

  /** Ends a pause. */
  resume(): void {
    if (this.#state !== 'paused') return;
    this.#state = 'playing';
    this.#pause.face('Pause', 'pause');
    this.#wake();
  }

  /** Ends it: the last picture stays, and the slider. */
  stop(): void {
    if (this.#state === 'stopped') return;
    this.#state = 'stopped';
    this.#wake();
    if (!this.isOpen) return;
    this.#pause.disable();
    this.#stop.disable();
    this.#send(this.#kept.last);
  }

  protected override ended(): void {
    this.stop();
  }

  #seek(place: number): void {
    this.pause();
    const frame = this.#kept.at(place);
    if (frame !== undefined) this.#send(frame);
  }

  #send(frame: KeptFrame | undefined): void {
    const [first, last] = [this.#kept.first, this.#kept.last];
    if (frame === undefined || first === undefined || last === undefined) return;
    this.#sentAt = performance.now();
    this.#view.show(frame.jpeg);
    this.#slider.place(first.number, last.number, frame.number);
    const words = [this.title, `${frame.number + 1} of ${this.#count}`, frame.text];
    this.#line.show(words.filter((word) => word !== '').join(' · '));
  }

  async #whilePaused(): Promise<void> {
    const signal = currentCellSignal();
    while (this.#state === 'paused' && !signal?.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        signal?.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    throwIfAborted(signal);
  }
}

/**
 * A player for pictures as they are made: with a pause, a stop, and a slider over those that came.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION; NOTEBOOK_NEEDED outside of a notebook
 *
 * @example
 * const player = widgets.player({ label: 'shapes' });
 * await display(player);
 * for (const threshold of [0.3, 0.5, 0.7]) {
 *   if (!(await player.show(await visualize('shapes.png', result, { threshold })))) break;
 * }
 * player.stop();
 */
export function player(options: PlayerOptions = {}): Player {
  const checks = {
    width: integer(16),
    maxFps: number(0.1, 60),
    keep: integer(1),
  } satisfies OptionChecks<Omit<PlayerOptions, 'label'>>;
  const label = checkWidgetOptions('player', options, checks);
  return new Player(label, { width: 640, maxFps: 10, keep: 500, ...options });
}
