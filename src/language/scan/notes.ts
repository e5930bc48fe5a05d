/**
 * What the scanner may remark, by code: how grave it is and the sentence a person reads. `<>` is the thing.
 */
import type { Severity } from '../types.ts';

export const notes = {
  'CS-PARSE-SEPARATOR': {
    severity: 'warning',
    message: 'A request line stands where no ### separates it from the request before.',
  },
  'CS-PARSE-LINE': { severity: 'warning', message: '“<>” is not a request line, header or comment, and is ignored.' },
  'CS-PARSE-BLANK-LINE': {
    severity: 'information',
    message: 'The body begins here without a blank line after the headers.',
  },
  'CS-PARSE-SCRIPT-END': {
    severity: 'warning',
    message: 'The script has no closing <> and takes the rest of this request.',
  },
  'CS-PARSE-VARIABLE-IN-BODY': {
    severity: 'information',
    message: 'This line is part of the body and defines no variable.',
  },
  'CS-PARSE-FORM-LINE': { severity: 'information', message: 'This form line is joined to the one before with “&”.' },
  'CS-PARSE-CURL': { severity: 'warning', message: 'The cURL command is used in part: <>.' },
  'CS-PARSE-UNSUPPORTED': { severity: 'information', message: '“<>” belongs to another tool and has no effect here.' },
  'CS-PARSE-URL': { severity: 'error', message: 'The request line has no URL.' },
} as const satisfies Record<string, { severity: Severity; message: string }>;

export type NoteCode = keyof typeof notes;
