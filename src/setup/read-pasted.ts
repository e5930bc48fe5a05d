/** Asks the recognisers, the most particular first, what a pasted text is. Never throws, whatever the text. */
import { longestPasted, type PastedFacts, type Reading } from './pasted.ts';
import { recognisers } from './recognisers/registry.ts';

/** Undefined for words that are no more than words: a person is searching the list. */
export function readPasted(text: string, facts: PastedFacts): Reading | undefined {
  if (text.length > longestPasted) {
    return {
      found: [],
      problem: `This is longer than ${longestPasted / 1024} kB. Paste the part about one credential.`,
    };
  }
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  if (trimmed === '') return undefined;
  for (const recogniser of recognisers) {
    const reading = recogniser.read(trimmed, facts);
    if (reading) return reading;
  }
  return undefined;
}
