/**
 * How far expansion may go before it is taken for an accident or an attack. Sizes are UTF-16 code units.
 */
export const limits = {
  /** References inside references inside references. */
  depth: 64,
  /** Text that references may add to one template. */
  growth: 16 * 1024 * 1024,
  /** References replaced for one template, nested ones included. */
  references: 100_000,
  /** Characters between the braces of one reference. */
  reference: 4096,
  /** Bytes of an environment file. */
  file: 4 * 1024 * 1024,
  /** Characters that a random text may have. */
  randomText: 65_536,
  /** Characters of a captured body that a path is looked up in. */
  capturedBody: 64 * 1024 * 1024,
} as const;
