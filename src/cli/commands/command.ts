/** A command of the CLI: defines its arguments on the program and reports its exit code. */
import type { Command } from 'commander';

export interface CliCommand {
  readonly name: string;
  define(program: Command, exit: (code: number) => void): void;
}

/** Collects a repeatable option. */
export function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
