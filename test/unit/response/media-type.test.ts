import { describe, expect, it } from 'vitest';
import { detectCharset, looksLikeText, parseMediaType, sniffMediaType } from '../../../src/response/media-type.ts';
import { rendererFor, renderers } from '../../../src/response/renderers/registry.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('media types', () => {
  function check(value: string | undefined, essence: string, suffix?: string, charset?: string): void {
    const type = parseMediaType(value);
    expect([type.essence, type.suffix, type.parameters.get('charset')], value).toEqual([essence, suffix, charset]);
  }
  it('are read leniently and never throw', () => {
    check('application/json', 'application/json');
    check('Application/Problem+JSON; Charset="UTF-8"', 'application/problem+json', 'json', 'UTF-8');
    check(' text/html ;charset=windows-1252;charset=utf-8', 'text/html', undefined, 'windows-1252');
    check('text/plain; charset="a\\"b"', 'text/plain', undefined, 'a"b');
    check(undefined, 'application/octet-stream');
    check('nonsense', 'application/octet-stream');
    check('', 'application/octet-stream');
  });
});

describe('charset', () => {
  function check(type: string, head: Uint8Array, label: string, skip = 0, unknown?: string): void {
    const charset = detectCharset(parseMediaType(type), head);
    expect([charset.label, charset.skip, charset.unknown], type).toEqual([label, skip, unknown]);
  }
  it('is the mark’s, then the header’s, then the declaration’s, then UTF-8', () => {
    check('text/plain; charset=utf-8', Uint8Array.of(0xff, 0xfe, 0x41, 0), 'utf-16le', 2);
    check('text/plain', Uint8Array.of(0xef, 0xbb, 0xbf, 0x41), 'utf-8', 3);
    check('text/plain; charset=ISO-8859-1', bytesOf('a'), 'windows-1252');
    check('text/plain; charset=Shift_JIS', bytesOf('a'), 'shift_jis');
    check('text/html', bytesOf('<!doctype html><meta charset="koi8-r">'), 'koi8-r');
    check('text/html', bytesOf('<meta http-equiv=content-type content="text/html; charset=big5">'), 'big5');
    check('application/xml', bytesOf('<?xml version="1.0" encoding="euc-kr"?>'), 'euc-kr');
    check('text/plain', bytesOf('<meta charset="koi8-r">'), 'utf-8');
    check('text/plain; charset=x-klingon', bytesOf('a'), 'utf-8', 0, 'x-klingon');
  });
});

describe('first bytes', () => {
  it('tell well-known kinds', () => {
    expect(sniffMediaType(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a))).toBe('image/png');
    expect(sniffMediaType(Uint8Array.of(0x1f, 0x8b, 8))).toBe('application/gzip');
    expect(sniffMediaType(bytesOf('%PDF-1.7'))).toBe('application/pdf');
    expect(sniffMediaType(bytesOf('hello'))).toBeUndefined();
  });
  it('tell text from bytes', () => {
    expect(looksLikeText(bytesOf('plain\n'))).toBe(true);
    expect(looksLikeText(bytesOf('añb').subarray(0, 2))).toBe(true);
    expect(looksLikeText(Uint8Array.of(65, 0, 66))).toBe(false);
    expect(looksLikeText(Uint8Array.of(1, 2, 3, 4))).toBe(false);
  });
});

describe('renderers', () => {
  function check(contentType: string, body: string | Uint8Array, kind: string): void {
    const head = typeof body === 'string' ? bytesOf(body) : body;
    const facts = {
      type: parseMediaType(contentType),
      sniffed: sniffMediaType(head),
      looksLikeText: looksLikeText(head),
      bytes: head.length,
      head,
    };
    expect(rendererFor(facts).kind, contentType).toBe(kind);
  }
  it('are chosen by type, suffix, and first bytes', () => {
    check('application/json', '{}', 'json');
    check('application/vnd.api+json', '{}', 'json');
    check('application/x-ndjson', '{}\n{}', 'ndjson');
    check('text/plain', '{"a": 1}', 'json');
    check('text/plain', '[not json', 'text');
    check('text/html', '<p>', 'html');
    check('image/svg+xml', '<svg/>', 'image');
    check('application/octet-stream', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), 'image');
    check('application/pdf', '%PDF-1.7', 'pdf');
    check('text/csv', 'a,b', 'csv');
    check('application/octet-stream', Uint8Array.of(0, 1, 2), 'binary');
    check('image/tiff', Uint8Array.of(0, 1, 2), 'binary');
    check('application/json', '', 'empty');
  });
  it('offer views, and only for bodies that have bytes', () => {
    for (const renderer of renderers) expect(renderer.views.length > 0, renderer.kind).toBe(renderer.kind !== 'empty');
  });
});
