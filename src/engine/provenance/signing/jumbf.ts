/** Name of the manifest that counts: the last one of a manifest store (C2PA 2.2 §11.1.4.2), in JUMBF (ISO 19566-5). */
export function activeLabel(store: Uint8Array): string {
  const bytes = Buffer.from(store.buffer, store.byteOffset, store.length);
  let label = '';
  for (const { from, to } of boxes(bytes, 8, bytes.length, 'jumb')) {
    for (const description of boxes(bytes, from, to, 'jumd').slice(0, 1)) {
      // 16 bytes of type, one of toggles, then the label up to a zero.
      const start = description.from + 17;
      const end = bytes.indexOf(0, start);
      label = bytes.subarray(start, end < 0 || end > description.to ? description.to : end).toString('utf8');
    }
  }
  return label;
}

/** The boxes of one type within a range, by their contents. */
function boxes(bytes: Buffer, from: number, to: number, type: string): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (let at = from; at + 8 <= to; ) {
    const size = bytes.readUInt32BE(at);
    if (size < 8 || at + size > to) break;
    if (bytes.toString('latin1', at + 4, at + 8) === type) found.push({ from: at + 8, to: at + size });
    at += size;
  }
  return found;
}
