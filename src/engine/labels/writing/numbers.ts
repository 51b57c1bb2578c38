/** An unsigned integer, most significant byte first; up to 2⁵³ in as many bytes as asked for. */
export function be(value: number, width: number): Uint8Array {
  const bytes = new Uint8Array(width);
  let rest = value;
  for (let index = width - 1; index >= 0; index -= 1) {
    bytes[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return bytes;
}

/** The same, least significant byte first. */
export function le(value: number, width: number): Uint8Array {
  return be(value, width).reverse();
}

/** One byte per character. */
export function ascii(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}
