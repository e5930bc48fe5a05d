import type { CatalogArea } from './entry.ts';

export const httpErrors = {
  'CS-HTTP-PROTOCOL': {
    sentence: '<verb> requests are recognised, and this version does not send them.',
    cause: 'Only HTTP and GraphQL over HTTP are sent.',
    next: 'Use another tool for this request; the file stays as it is.',
  },
  'CS-HTTP-HEADER': {
    sentence: 'The header <name> holds a character that cannot be sent.',
    cause: 'A line break or a character outside Latin-1 came from a variable or the file.',
    next: 'Change its value.',
  },
  'CS-HTTP-METHOD': {
    sentence: 'The method <method> holds a character that cannot be sent.',
    cause: 'A method is one word of letters, digits and a few signs.',
    next: 'Change the first word of the request line.',
  },
  'CS-HTTP-URL': {
    sentence: 'The address does not begin with http: or https:.',
    cause: 'Only HTTP addresses can be sent to.',
    next: 'Change the address.',
  },
  'CS-HTTP-FRAMING': {
    sentence: 'The header <name> contradicts the request.',
    cause: 'Two parties could read different requests out of the same bytes.',
    next: 'Remove the header; the right one is added when you send.',
  },
  'CS-HTTP-REPLAY': {
    sentence: 'The body can be sent only once, and <host> asks for it again.',
    cause: 'A redirect or a new connection needs the body a second time.',
    next: 'Send to the final address, or keep the body in a file.',
  },
  'CS-HTTP-RESPONSE': {
    sentence: '<host> did not answer in HTTP.',
    cause: 'Another kind of server listens there, or what it sent breaks the rules of HTTP.',
    next: 'Check scheme and port; tell the owner of the API.',
  },
  'CS-HTTP-STREAM': {
    sentence: '<host> reset the request before it answered (<reason>).',
    cause:
      'Over HTTP/2 a server can end one request and keep the connection. The reason is the name that RFC 9113 gives.',
    next: 'Send it again; if it stays, write HTTP/1.1 behind the address and compare.',
  },
  'CS-HTTP-GOAWAY': {
    sentence: '<host> closed the HTTP/2 connection before it answered (<reason>).',
    cause: 'The server restarts, or found a fault in what was sent. The reason is the name that RFC 9113 gives.',
    next: 'Send it again; if it stays, write HTTP/1.1 behind the address and compare.',
  },
  'CS-HTTP-VERSION': {
    sentence: '<host> does not speak HTTP/2 on this port.',
    cause: 'The request asks for a version of HTTP that the server does not offer there.',
    next: 'Leave out the version, or write HTTP/1.1 behind the address.',
  },
  'CS-HTTP-HEAD-SIZE': {
    sentence: 'The response headers of <host> are larger than <size>.',
    cause: 'The server sends an unusual amount of headers.',
    next: 'Tell the owner of the API.',
  },
  'CS-HTTP-INFORMATIONAL': {
    sentence: '<host> sent more than 100 interim responses and no answer.',
    cause: 'The server repeats 1xx responses without end.',
    next: 'Tell the owner of the API.',
  },
  'CS-HTTP-CHUNK': {
    sentence: 'The body of <host> breaks off at a chunk that is not well formed.',
    cause: 'The server or something on the way damaged the chunked body.',
    next: 'What arrived before is shown. Tell the owner of the API.',
  },
  'CS-HTTP-REDIRECTS': {
    sentence: '<host> redirects more than <count> times.',
    cause: 'The redirects go in a circle, or a sign-in page is in the way.',
    next: 'Look at the hops; send without following redirects.',
  },
  'CS-HTTP-LOCATION': {
    sentence: '<host> redirects to an address that cannot be followed.',
    cause: 'The Location header is no HTTP address, is repeated, or names a user.',
    next: 'Send without following redirects to see the response.',
  },
  'CS-HTTP-DOWNGRADE': {
    sentence: '<host> redirects from https to http, and the request carries a credential.',
    cause: 'Without TLS everyone on the way could read and change it.',
    next: 'Ask its owner to redirect to https, or send without the credential.',
  },
} as const satisfies CatalogArea;
