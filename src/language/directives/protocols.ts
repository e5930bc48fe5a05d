/** Directives for streams, gRPC and GraphQL. */
import type { Directive } from './directive.ts';

export const protocolDirectives = [
  {
    name: 'keep-streaming',
    dialects: ['httpyac'],
    argument: 'none',
    doc: 'Keeps a stream open until it is cancelled.',
    effect: 'keep-streaming',
  },
  {
    name: 'no-streaming-log',
    dialects: ['httpyac'],
    argument: 'none',
    doc: 'Does not log the messages of a stream.',
    effect: 'ignored',
  },
  {
    name: 'grpc-reflection',
    dialects: ['httpyac'],
    argument: 'none',
    doc: 'Asks a gRPC server for its description; gRPC is not offered here.',
    effect: 'ignored',
  },
  {
    name: 'grpc-proto',
    dialects: ['kulala'],
    argument: 'path',
    doc: 'Names a gRPC description; gRPC is not offered here.',
    effect: 'ignored',
  },
  {
    name: 'graphql',
    dialects: ['kulala'],
    argument: 'none',
    doc: 'Sends the body as GraphQL; write GRAPHQL as the method instead.',
    effect: 'graphql',
  },
  {
    name: 'no-gql-parsing',
    dialects: ['httpyac'],
    argument: 'none',
    doc: 'Sends a body that looks like GraphQL as it is.',
    effect: 'no-graphql',
  },
] as const satisfies readonly Directive[];
