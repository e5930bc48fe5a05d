/** A limit on silence: fires once when nothing touched it for a while. 0 means never. */
export class IdleTimer {
  readonly #ms: number;
  readonly #fire: () => void;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(ms: number, fire: () => void) {
    this.#ms = ms;
    this.#fire = fire;
  }

  /** Starts, or starts over. */
  touch(): void {
    if (this.#ms <= 0 || this.#stopped) return;
    if (this.#timer) this.#timer.refresh();
    else this.#timer = setTimeout(this.#fire, this.#ms);
  }

  /** Waits for the next touch: used while a person is asked. */
  pause(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }
}
