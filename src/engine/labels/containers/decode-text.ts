import { concat, startsWith } from './integers.ts';

/** Decodes by byte order mark, else UTF-8 where it is valid, else one character per byte. */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return decodeText(bytes.subarray(3));
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decodeUtf16(bytes.subarray(2), 'big');
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    if (bytes[2] === 0 && bytes[3] === 0 && bytes.length >= 8) return decodeUtf32(bytes.subarray(4), 'little');
    return decodeUtf16(bytes.subarray(2), 'little');
  }
  return decodeUtf8(bytes) ?? new TextDecoder('windows-1252').decode(bytes);
}

/** UTF-8, or null where the bytes are not valid UTF-8. A character cut off at the end is forgiven: fields are read up to a limit. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  for (let cut = 0; cut <= Math.min(3, bytes.length); cut += 1) {
    const end = bytes.length - cut;
    if (cut > 0 && ((bytes[end] ?? 0) & 0x80) === 0) return null;
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, end));
    } catch {
      // Not valid up to here: perhaps only the last character was cut.
    }
  }
  return null;
}

export function decodeUtf16(bytes: Uint8Array, order: 'big' | 'little'): string {
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 2));
  return new TextDecoder(order === 'big' ? 'utf-16be' : 'utf-16le', { ignoreBOM: true }).decode(whole);
}

/**
 * An XML document or XMP packet: by byte order mark, else by the width of its first `<`
 * (XMP specification part 1, 7.3.2: UTF-8, UTF-16 and UTF-32 in either order are allowed).
 */
export function decodeXml(bytes: Uint8Array): string {
  const [a, b, c, d] = bytes;
  if (a === 0x3c && b === 0 && c === 0 && d === 0) return decodeUtf32(bytes, 'little');
  if (a === 0 && b === 0 && c === 0 && d === 0x3c) return decodeUtf32(bytes, 'big');
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return decodeUtf32(bytes.subarray(4), 'big');
  if (a === 0x3c && b === 0) return decodeUtf16(bytes, 'little');
  if (a === 0 && b === 0x3c) return decodeUtf16(bytes, 'big');
  return decodeText(bytes);
}

/** The text these bytes plainly are, or null: valid UTF-8 (or UTF-16 with a mark), nothing but trailing NULs that is not printable. */
export function textOrNull(bytes: Uint8Array): string | null {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  const kept = bytes.subarray(0, end);
  if (kept.length === 0) return null;
  const marked = (kept[0] === 0xfe && kept[1] === 0xff) || (kept[0] === 0xff && kept[1] === 0xfe);
  const text = marked ? decodeText(bytes) : decodeUtf8(kept);
  if (text === null || /[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]/.test(text)) return null;
  return /\S/.test(text) ? text : null;
}

/** Without the NULs at the end. */
export function trimNul(text: string): string {
  let end = text.length;
  // Not a pattern: `\0+$` takes quadratic time on a long run of NULs that is not at the end.
  while (end > 0 && text.charCodeAt(end - 1) === 0) end -= 1;
  return text.slice(0, end);
}

/** Parts of a NUL-separated field that hold something: what stands behind a NUL must not hide. */
export function nulParts(text: string): string[] {
  if (!text.includes('\0')) return text === '' ? [] : [text];
  return text
    .split(/\0+/, 64)
    .filter((part) => /\S/.test(part))
    .slice(0, 16);
}

/**
 * EXIF UserComment: eight bytes name the character code (Exif 2.32 §4.6.5, table 9). In the wild the code is missing,
 * UTF-8 stands behind ASCII, and UNICODE comes in either byte order whatever the file's own order.
 */
export function decodeUserComment(bytes: Uint8Array, order: 'big' | 'little'): string {
  const body = bytes.subarray(8);
  if (startsWith(bytes, 'ASCII\0\0\0')) return decodeText(body);
  if (startsWith(bytes, 'UNICODE\0')) {
    const text = decodeMarkedUtf16(body);
    return text ?? decodeUtf16(body, likelyUtf16Order(body) ?? order);
  }
  if (startsWith(bytes, 'JIS\0\0\0\0\0')) return decodeJis(body);
  if (startsWith(bytes, '\0\0\0\0\0\0\0\0')) {
    const guessed = likelyUtf16Order(body);
    return guessed ? decodeUtf16(body, guessed) : decodeText(body);
  }
  return decodeText(bytes);
}

function decodeMarkedUtf16(bytes: Uint8Array): string | null {
  const marked = (bytes[0] === 0xfe && bytes[1] === 0xff) || (bytes[0] === 0xff && bytes[1] === 0xfe);
  return marked ? decodeText(bytes) : null;
}

/** The order in which more units are plain ASCII, or null where neither is clearly so. */
function likelyUtf16Order(bytes: Uint8Array): 'big' | 'little' | null {
  let big = 0;
  let little = 0;
  const end = Math.min(bytes.length - 1, 4096);
  for (let at = 0; at < end; at += 2) {
    const first = bytes[at] ?? 0;
    const second = bytes[at + 1] ?? 0;
    if (first === 0 && second >= 0x20 && second < 0x7f) big += 1;
    if (second === 0 && first >= 0x20 && first < 0x7f) little += 1;
  }
  if (big === little) return null;
  return big > little ? 'big' : 'little';
}

/** JIS X 0208 as ISO-2022-JP when it has escapes; without them the rows are shifted in by hand. */
function decodeJis(bytes: Uint8Array): string {
  if (bytes.includes(0x1b)) return new TextDecoder('iso-2022-jp').decode(bytes);
  const ascii = textOrNull(bytes);
  // Bare JSON behind the JIS code is far likelier than kanji that happen to spell it.
  if (ascii !== null && /^[\s{["A-Za-z]/.test(ascii)) return ascii;
  const shift = new Uint8Array([0x1b, 0x24, 0x42]);
  return new TextDecoder('iso-2022-jp').decode(concat([shift, bytes]));
}

function decodeUtf32(bytes: Uint8Array, order: 'big' | 'little'): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: string[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const point = view.getUint32(at, order === 'little');
    parts.push(point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd');
  }
  return parts.join('');
}
