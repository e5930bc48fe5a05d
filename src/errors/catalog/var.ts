import type { CatalogArea } from './entry.ts';

export const varErrors = {
  'CS-VAR-UNKNOWN': {
    sentence: 'No variable is called “<name>” in environment <environment>.',
    cause: 'The name is defined in no file, environment or earlier response that this request can see.',
    next: 'Check its spelling, or define it in the file or in an environment.',
    action: 'Change to the closest name',
  },
  'CS-VAR-NOT-SENT': {
    sentence: '<request> has not been sent in this session.',
    cause: 'A reference reads the request or response of a named request, and none is kept yet.',
    next: 'Send that request first, then this one.',
    action: 'Send It First',
  },
  'CS-VAR-PATH': {
    sentence: 'The response of <request> has nothing at <path>.',
    cause: 'The header, cookie or path of the reference is not in the message that was kept.',
    next: 'Open that response and compare the path with its body and headers.',
  },
  'CS-VAR-CYCLE': {
    sentence: 'The variable <name> leads back to itself.',
    cause: 'Its value refers to other variables, and one of them refers to it again.',
    next: 'Give one variable of the chain a value of its own.',
  },
  'CS-VAR-LIMIT': {
    sentence: 'The value of <name> grows past the limit.',
    cause: 'References inside references multiplied into a text too large or too deep to be meant.',
    next: 'Read large content from a file with < path.',
  },
  'CS-VAR-SCRIPT': {
    sentence: 'The expression <expression> needs script support.',
    cause: 'Names, dotted paths, indexers and literals are read; anything else would be a program.',
    next: 'Put the result in a variable and refer to that.',
  },
  'CS-VAR-UNSUPPORTED': {
    sentence: 'The dynamic variable <name> is not available here.',
    cause: 'Another tool defines it; this one knows its name only.',
    next: 'Use one of the dynamic variables that completion offers.',
  },
  'CS-VAR-ARGUMENT': {
    sentence: 'The dynamic variable <name> expects other arguments.',
    cause: 'An argument is absent, or is not of the kind that the dynamic variable takes.',
    next: 'Compare it with the form shown on hover.',
  },
  'CS-VAR-PROCESS-ENV': {
    sentence: 'The environment variable <name> is not set.',
    cause: 'The process that sends the request was started without it.',
    next: 'Set it, and start the program again from there.',
  },
  'CS-VAR-PROVIDER': {
    sentence: 'The value of <name> is kept by <provider>, which this tool cannot read.',
    cause: 'The environment file names a secret provider of another program.',
    next: 'Use a provider called countersign with a secretName, or another value.',
  },
  'CS-VAR-PROMPT': {
    sentence: 'The variable <name> needs an answer, and nobody can be asked.',
    cause: 'The request asks a question, and this run is not interactive.',
    next: 'Give the value with --var, or run where a question can be shown.',
  },
  'CS-VAR-AT-SEND': {
    sentence: 'The value of <name> is known only when the request is sent.',
    cause: 'It comes from a credential or from the secret store, and nothing is read from there before sending.',
    next: 'Send the request.',
  },
  'CS-VAR-ENVIRONMENT': {
    sentence: 'No environment is called “<name>”.',
    cause: 'The name is misspelt, or its file stands in another folder.',
    next: 'Check its spelling, or add it to http-client.env.json.',
  },
  'CS-VAR-ENV-FILE': {
    sentence: 'The environment file <file> is not JSON at line <line>.',
    cause: 'It holds a syntax error, is not text, or is too large; what could be read of it is used.',
    next: 'Correct the file; comments and trailing commas are fine.',
    action: 'Open the File',
  },
  'CS-VAR-SOURCE': {
    sentence: 'The value of <name> is not readable.',
    cause: 'The place that holds the value answered with an error of its own.',
    next: 'Try again; if it stays, look at where the value comes from.',
  },
} as const satisfies CatalogArea;
