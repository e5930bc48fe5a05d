declare module 'host-suite:files' {
  /** File name and loader of every test file. */
  export const files: readonly (readonly [string, () => Promise<unknown>])[];
}
