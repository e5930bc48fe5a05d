/** Reads the words of a cURL command as options and URLs: long and short, `--name=value`, `-XPOST`, `-sSL`. */
import { literalTemplate } from '../template-builder.ts';
import type { Span, Template } from '../types.ts';
import { curlOption, type CurlEffect } from './options.ts';
import type { ShellWord } from './split-shell.ts';

export interface CurlArgument {
  readonly effect: CurlEffect;
  readonly value: Template;
  readonly span: Span;
}

/** @param words the command's words after `curl`. */
export function readCurlArguments(words: readonly ShellWord[]): {
  readonly args: CurlArgument[];
  readonly remarks: { text: string; span: Span }[];
} {
  const args: CurlArgument[] = [];
  const remarks: { text: string; span: Span }[] = [];
  let literal = false;
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    const { text } = word.value;
    if (literal || !text.startsWith('-') || text === '-') {
      args.push({ effect: 'url', value: word.value, span: word.span });
      continue;
    }
    if (text === '--') {
      literal = true;
      continue;
    }
    for (let name = text.startsWith('--') ? text : text.slice(0, 2), used = name.length; ;) {
      const long = name.startsWith('--');
      const equals = long ? name.indexOf('=') : -1;
      const option = curlOption(equals > 0 ? name.slice(0, equals) : name);
      if (!option) {
        const insecure = name === '-k' || name === '--insecure';
        remarks.push({
          text: insecure ? `${name} is ignored, certificates are verified` : `${name} is not understood`,
          span: word.span,
        });
        if (long || !insecure) break;
      } else if (option.takesValue) {
        const attached =
          equals > 0 ? tail(word.value, equals + 1) : !long && used < text.length ? tail(word.value, used) : null;
        const next = attached ? null : words[++index];
        if (!attached && !next) remarks.push({ text: `${name} has no value`, span: word.span });
        else
          args.push({
            effect: option.effect,
            value: attached ?? next!.value,
            span: { start: word.span.start, end: (next ?? word).span.end },
          });
        if (option.effect === 'unused') remarks.push({ text: `${name} is ignored`, span: word.span });
        break;
      } else
        args.push({ effect: option.effect, value: literalTemplate(option.value ?? '', word.span), span: word.span });
      if (long || used >= text.length) break;
      name = `-${text[used]!}`;
      used++;
    }
  }
  return { args, remarks };
}

/** The rest of a template from an offset of its text on. */
function tail(template: Template, from: number): Template {
  const pieces = template.pieces
    .filter((piece) => piece.at + piece.length > from)
    .map((piece) => {
      const cut = Math.max(0, from - piece.at);
      return { at: piece.at + cut - from, source: piece.source + cut, length: piece.length - cut };
    });
  const start = pieces[0]?.source ?? template.span.start;
  return {
    text: template.text.slice(from),
    pieces,
    span: { start: Math.min(start, template.span.end), end: template.span.end },
  };
}
