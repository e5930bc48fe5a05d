/**
 * A secret as a type of its own: it cannot be printed, logged, serialised or concatenated by accident.
 * Only `reveal()` gives the value; call it at the last moment and keep the result in no field.
 */
const values = new WeakMap<Secret, string>();
const dots = '••••';

export class Secret {
  /** For a chip or a message: `orders access token`. Holds nothing secret. */
  readonly label: string;

  constructor(value: string, label: string) {
    values.set(this, value);
    this.label = label;
  }

  reveal(): string {
    return values.get(this) as string;
  }

  get isEmpty(): boolean {
    return this.reveal() === '';
  }

  toString(): string {
    return dots;
  }

  toJSON(): string {
    return dots;
  }

  [Symbol.toPrimitive](): string {
    return dots;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `Secret(${this.label})`;
  }
}
