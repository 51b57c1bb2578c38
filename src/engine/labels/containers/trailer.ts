import type { ByteSource } from '../../media/bytes.ts';
import type { Collector } from './collect.ts';
import { textOrNull } from './decode-text.ts';
import { findBytes, latin1 } from './integers.ts';

/**
 * What stands behind the end of a picture, looked at in its first and last 4 KiB: plain text as text, anything else as one binary
 * entry. `expected` says what the bytes are known to be, such as the further pictures of a multi-picture file.
 */
export function collectTrailer(
  collector: Collector,
  source: ByteSource,
  from: number,
  trailer: { location: string; expected?: string },
): void {
  const length = source.size - from;
  if (length <= 0) return;
  const path = trailer.expected === undefined ? 'trailer' : `trailer (${trailer.expected})`;
  const head = collector.read(source, from, Math.min(length, shownBytes), path);
  if (head.every((byte) => byte === 0) && length <= shownBytes) return;

  const place = { location: trailer.location, path, offset: from, length };
  const text = textOrNull(head);
  if (text !== null) {
    collector.text('trailer', text, place);
    return;
  }
  collector.binary('trailer', place);

  const tailFrom = Math.max(from, source.size - shownBytes);
  const tail = tailFrom === from ? head : collector.read(source, tailFrom, source.size - tailFrom, path);
  const last = lastText(tail);
  if (last !== null) {
    collector.text('trailer', last.text, {
      ...place,
      path: `${path}/end`,
      offset: tailFrom + last.at,
      length: last.bytes,
    });
  }
}

const shownBytes = 4096;

/** The text at the very end of bytes that are otherwise not text, when it is long enough not to be chance. */
function lastText(bytes: Uint8Array): { text: string; at: number; bytes: number } | null {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  let at = end;
  while (at > 0 && isTextByte(bytes[at - 1] ?? 0)) at -= 1;
  // What is no UTF-8 belongs to the picture before; the text begins behind the last of it.
  const text = new TextDecoder().decode(bytes.subarray(at, end)).split('\ufffd').at(-1)?.trimStart() ?? '';
  const length = Buffer.byteLength(text);
  return text.length < shortestText ? null : { text, at: end - length, bytes: length };
}

/** Shorter runs of printable bytes come about by chance. */
const shortestText = 16;

function isTextByte(byte: number): boolean {
  return byte === 9 || byte === 10 || byte === 13 || (byte >= 0x20 && byte !== 0x7f);
}

/**
 * Bare text in a segment or chunk that no standard gives a text to: the whole of it when it is text (behind an optional
 * NUL-terminated name), else the text from an `AIGC` or `{"` on.
 */
export function bareText(bytes: Uint8Array): { key: string | null; text: string } | null {
  const name = /^[\x20-\x7e]{1,64}\0/.exec(latin1(bytes, 0, 65))?.[0];
  if (name !== undefined) {
    const behind = textOrNull(bytes.subarray(name.length));
    if (behind !== null) return { key: name.slice(0, -1), text: behind };
  }
  const whole = textOrNull(bytes);
  if (whole !== null) return { key: /^[A-Za-z][A-Za-z0-9_.-]{0,63}(?=\s*[{:=])/.exec(whole)?.[0] ?? null, text: whole };
  for (const mark of ['AIGC', '{"']) {
    const at = findBytes(bytes, mark);
    if (at < 0) continue;
    let end = at;
    while (end < bytes.length && isTextByte(bytes[end] ?? 0)) end += 1;
    const text = new TextDecoder().decode(bytes.subarray(at, end)).split('\ufffd', 1)[0] ?? '';
    if (text.length >= shortestText) return { key: mark === 'AIGC' ? mark : null, text };
  }
  return null;
}
