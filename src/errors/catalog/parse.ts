import type { CatalogArea } from './entry.ts';

export const parseErrors = {
  'CS-PARSE-DIRECTIVE': {
    sentence: '“<text>” is not what this directive takes.',
    cause: 'The value of the directive has another form than it needs.',
    next: 'Hover over the directive to see what it takes.',
  },
  'CS-PARSE-NO-REQUEST': {
    sentence: 'There is no request at this place.',
    cause: 'The file is empty there, or was edited meanwhile.',
    next: 'Put the cursor into a request.',
  },
  'CS-PARSE-REF': {
    sentence: 'No request is called “<name>” here.',
    cause: 'A # @ref or run line names a request that neither the file nor the files it imports have.',
    next: 'Check its spelling, or import the file that has it.',
  },
  'CS-PARSE-CYCLE': {
    sentence: '<name> → <name> is a circle.',
    cause: 'A request has to be sent before itself, or a file runs itself, through # @ref or run lines.',
    next: 'Take one of the # @ref or run lines of the circle out.',
  },
  'CS-PARSE-LIMIT': {
    sentence: 'More than <number> requests would be sent.',
    cause: 'Files that run each other, or # @force-ref lines, multiply into more requests than anybody means.',
    next: 'Run the files one by one, or use # @ref, which sends a request once.',
  },
  'CS-PARSE-SEPARATOR': {
    sentence: 'A request line stands where no ### separates it from the request before.',
    cause: 'Tools differ on whether such a line starts a new request.',
    next: 'Put a line with ### above it.',
    action: 'Insert ###',
  },
  'CS-PARSE-LINE': {
    sentence: '<text> is not a request line, header or comment, and is ignored.',
    cause: 'A line before the request is neither a comment, a variable, a script nor a URL.',
    next: 'Put # in front of it, or begin it with a method such as GET.',
    action: 'Make it a comment',
  },
  'CS-PARSE-URL': {
    sentence: 'The request line has no URL.',
    cause: 'A method stands alone on its line.',
    next: 'Write the URL after the method.',
  },
  'CS-PARSE-BLANK-LINE': {
    sentence: 'The body begins here without a blank line after the headers.',
    cause: 'A line after the request line is neither a header nor a part of the URL.',
    next: 'Put a blank line above the body.',
    action: 'Insert a blank line',
  },
  'CS-PARSE-SCRIPT-END': {
    sentence: 'The script has no closing %} and takes the rest of this request.',
    cause: 'A line opens a script with {% and no line up to the next ### closes it.',
    next: 'Write %} after the script.',
  },
  'CS-PARSE-VARIABLE-IN-BODY': {
    sentence: 'This line is part of the body and defines no variable.',
    cause: 'The line has the shape of a variable and stands after the blank line that begins the body.',
    next: 'Move it above the request line to define a variable.',
  },
  'CS-PARSE-FORM-LINE': {
    sentence: 'This form line is joined to the one before with “&”.',
    cause: 'Neither line has an & at the place where they meet.',
    next: 'End the line before with &.',
  },
  'CS-PARSE-CURL': {
    sentence: 'The cURL command is used in part: <reason>.',
    cause: 'An option is unknown, or has no place in a request.',
    next: 'Remove the option, or write the request without cURL.',
  },
  'CS-PARSE-UNSUPPORTED': {
    sentence: '<text> belongs to another tool and has no effect here.',
    cause: 'The line is a declaration that only one tool understands.',
    next: 'Nothing is needed when the request works without it.',
  },
} as const satisfies CatalogArea;
