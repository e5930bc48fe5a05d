/** The dialects that can be told apart. The order settles ties. Adding one is a file and a line here. */
import type { Dialect } from './dialect.ts';
import { httpyac } from './httpyac.ts';
import { jetbrains } from './jetbrains.ts';
import { kulala } from './kulala.ts';
import { restClient } from './rest-client.ts';
import { visualStudio } from './visual-studio.ts';

export const dialects = [httpyac, kulala, jetbrains, restClient, visualStudio] as const satisfies readonly Dialect[];
