/**
 * The same ZIP file with every entry dated to the given moment, in UTC (APPNOTE 6.3.10, 4.3.7 and 4.3.12).
 * Whoever packs writes the time of packing in the time zone of the machine.
 */
export function dateZipEntries(zip: Uint8Array, at: Date): Uint8Array {
  const out = new Uint8Array(zip);
  const view = new DataView(out.buffer);
  const end = out.length - 22;
  if (view.getUint32(end, true) !== endOfDirectory) throw new Error('the packer left a comment or a broken directory');
  const stamp = (offset: number) => {
    view.setUint16(offset, dosTime(at), true);
    view.setUint16(offset + 2, dosDate(at), true);
  };
  let entry = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left -= 1) {
    stamp(entry + 12);
    stamp(view.getUint32(entry + 42, true) + 10);
    entry += 46 + [28, 30, 32].reduce((sum, at) => sum + view.getUint16(entry + at, true), 0);
  }
  return out;
}

const endOfDirectory = 0x06054b50;

function dosTime(at: Date): number {
  return (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
}

function dosDate(at: Date): number {
  // The calendar of ZIP begins in 1980.
  return (Math.max(0, at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
}
