/** Visual Studio's .http editor. Source: dialects.md §15. */
import { signal, type Dialect } from './dialect.ts';

export const visualStudio: Dialect = {
  id: 'visual-studio',
  title: 'Visual Studio',
  doc: 'Variables hold for later requests, and dates are written in .NET’s formats.',
  splitsAnywhere: false,
  signals: [
    signal('byte order mark', '\ufeff', /^\ufeff/, 2),
    signal('@…_HostAddress', '_HostAddress', /^\ufeff?[ \t]*@[^\s=]*_HostAddress\s*=/m, 3),
  ],
};
