/**
 * Property tests draw the same inputs in every run, so that a run that was green stays green; `FUZZ_SEED=random` draws
 * new ones, and `FUZZ_SEED=N` those of a run that failed. More inputs are asked for by the tests' own variables.
 */
import fc from 'fast-check';

const asked = process.env['FUZZ_SEED'];

if (asked !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(asked ?? 20_261_124) });
