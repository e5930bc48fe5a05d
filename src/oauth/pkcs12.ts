/**
 * The private key of a PKCS#12 file, for signing. Only its outer frame is read here; the key within is PKCS#8, which Node
 * opens with the passphrase. A file that hides its keys in one more envelope is not read: `undefined` says so.
 * Source: RFC 7292 §4, X.690 §8.1 (definite lengths alone).
 */
import { createPrivateKey, type KeyObject } from 'node:crypto';

const data = '2a864886f70d010701';
const keyBag = '2a864886f70d010c0a0101';
const shroudedKeyBag = '2a864886f70d010c0a0102';

interface Node {
  readonly tag: number;
  readonly body: Buffer;
  /** With tag and length. */
  readonly whole: Buffer;
}

/** Throws when the bytes are no such file; undefined when its key is not where it can be read. */
export function readPkcs12Key(bytes: Buffer, passphrase: string | undefined): KeyObject | undefined {
  const [, authSafe] = children(read(bytes));
  for (const safe of children(read(contentOf(authSafe) ?? Buffer.alloc(0)))) {
    const bags = contentOf(safe);
    // Certificates are mostly in an envelope of their own, which is left closed.
    if (bags === undefined) continue;
    for (const bag of children(read(bags))) {
      const [id, value] = children(bag);
      const kind = id?.body.toString('hex');
      if (value === undefined || (kind !== keyBag && kind !== shroudedKeyBag)) continue;
      return createPrivateKey({
        key: read(value.body).whole,
        format: 'der',
        type: 'pkcs8',
        ...(kind === keyBag ? {} : { passphrase: passphrase ?? '' }),
      });
    }
  }
  return undefined;
}

/** What a `ContentInfo` of plain data holds. */
function contentOf(info: Node | undefined): Buffer | undefined {
  const [type, content] = info === undefined ? [] : children(info);
  if (type?.body.toString('hex') !== data || content === undefined) return undefined;
  const inner = read(content.body);
  return inner.tag === 0x04 ? inner.body : undefined;
}

function children({ tag, body }: Node): readonly Node[] {
  if ((tag & 0x20) === 0) throw new Error('not constructed');
  const all: Node[] = [];
  for (let rest = body; rest.length > 0;) {
    const node = read(rest);
    all.push(node);
    rest = rest.subarray(node.whole.length);
  }
  return all;
}

function read(bytes: Buffer): Node {
  const [tag = 0, first = 0] = bytes;
  let length = first;
  let at = 2;
  if (first > 0x80) {
    const count = first & 0x7f;
    if (count > 4) throw new Error('too long');
    length = bytes.readUIntBE(2, count);
    at += count;
  }
  if (first === 0x80 || bytes.length < at + length) throw new Error('cut short, or of indefinite length');
  return { tag, body: bytes.subarray(at, at + length), whole: bytes.subarray(0, at + length) };
}
