import { type CommChannel, type CommContent, requireCommHost } from '../comm-host';
import { type BufferPath, putBuffers, takeBuffers } from './buffers';

/** The version of Jupyter's widget messaging protocol. */
const PROTOCOL_VERSION = '2.1.0';
/** The npm packages of the widgets, in the versions of JupyterLab 4 and ipywidgets 8. */
const MODULES = {
  '@jupyter-widgets/base': '2.0.0',
  '@jupyter-widgets/controls': '2.0.0',
  '@jupyter-widgets/output': '1.0.0',
};

export type WidgetModule = keyof typeof MODULES;
export type State = Record<string, unknown>;

/** The name of the widget in the front end, such as `FloatSlider`; its model and view classes are named after it. */
export interface ModelKind {
  readonly module: WidgetModule;
  readonly name: string;
  /** State that is not echoed to the front end that has set it, because it is large. */
  readonly unechoed?: readonly string[];
}

/** Receives a front end's changes to a model; called synchronously, and must not run code of a cell. */
export interface ModelListener {
  /** Whether the model accepts a change. */
  accepts(change: State): boolean;
  changed(change: State): void;
  custom(content: State): void;
  closed(): void;
}

const models = new Map<string, WidgetModel>();

/** All open models. */
export function openModels(): IterableIterator<WidgetModel> {
  return models.values();
}

/** An object whose state is shared between the kernel and its front ends. */
export class WidgetModel {
  readonly #channel: CommChannel;
  readonly #kind: ModelKind;
  readonly #listener: Partial<ModelListener>;
  readonly #state: State;

  constructor(kind: ModelKind, state: State, listener: Partial<ModelListener> = {}) {
    this.#kind = kind;
    this.#listener = listener;
    this.#state = { ...namesOf(kind), ...state };
    this.#channel = requireCommHost().open(
      'jupyter.widget',
      { message: (content) => this.#message(content), closed: () => this.#closed() },
      { ...pack('state', this.#state), metadata: { version: PROTOCOL_VERSION } },
    );
    models.set(this.id, this);
  }

  get id(): string {
    return this.#channel.id;
  }

  get isOpen(): boolean {
    return this.#channel.isOpen;
  }

  /** How other models' states refer to this one. */
  get reference(): string {
    return `IPY_MODEL_${this.id}`;
  }

  get(name: string): unknown {
    return this.#state[name];
  }

  /** Changes part of the state, here and in front ends. */
  set(change: State): void {
    Object.assign(this.#state, change);
    this.#send('update', change);
  }

  close(): void {
    this.#channel.close();
    models.delete(this.id);
  }

  /** The data from which a reloaded page recreates the model. */
  describe(): State {
    const names = namesOf(this.#kind);
    return {
      model_name: names._model_name,
      model_module: names._model_module,
      model_module_version: names._model_module_version,
      state: this.#state,
    };
  }

  #send(method: string, state: State): void {
    const content = pack('state', state);
    this.#channel.send({ ...content, data: { method, ...content.data } });
  }

  #message({ data, buffers }: Required<CommContent>): void {
    if (data.method === 'request_state') this.#send('update', this.#state);
    else if (data.method === 'custom') this.#listener.custom?.((data.content ?? {}) as State);
    else if (data.method === 'update') {
      const change = { ...(data.state as State) };
      putBuffers(change, (data.buffer_paths ?? []) as BufferPath[], buffers);
      this.#update(change);
    }
  }

  #update(change: State): void {
    const names = Object.keys(change);
    if (this.#listener.accepts?.(change) === false) {
      this.#send('update', Object.fromEntries(names.map((name) => [name, this.#state[name]])));
      return;
    }
    Object.assign(this.#state, change);
    const { unechoed = [] } = this.#kind;
    const echoed = Object.entries(change).filter(([name]) => !unechoed.includes(name));
    // Updates the other pages that show this notebook, and acknowledges the change to its sender.
    if (echoed.length > 0) this.#send('echo_update', Object.fromEntries(echoed));
    this.#listener.changed?.(change);
  }

  #closed(): void {
    models.delete(this.id);
    this.#listener.closed?.();
  }
}

/** One or several states, as sent in a message. */
export function pack(name: 'state' | 'states', value: State): CommContent {
  const { state, paths, buffers } = takeBuffers(value);
  return { data: { [name]: state, buffer_paths: paths }, buffers };
}

function namesOf({ module, name }: ModelKind): State {
  return {
    _model_module: module,
    _model_module_version: MODULES[module],
    _model_name: `${name}Model`,
    _view_module: module,
    _view_module_version: MODULES[module],
    _view_name: `${name}View`,
  };
}
