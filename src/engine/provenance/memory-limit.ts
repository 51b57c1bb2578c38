/**
 * A WebAssembly module whose own memory cannot grow beyond `maxPages` (of 64 KiB). The library asks for whatever a file
 * declares; with a limit such a request traps inside, where it costs one examination of provenance and not the examiner.
 * A module without a memory section, or with a limit of its own, comes back as it is.
 */
export function withMemoryLimit(wasm: Uint8Array<ArrayBuffer>, maxPages: number): Uint8Array<ArrayBuffer> {
  for (let at = 8; at < wasm.length; ) {
    const id = wasm[at];
    const size = readLeb(wasm, at + 1);
    const body = size.end;
    if (id === memorySection) {
      const count = readLeb(wasm, body);
      const flags = wasm[count.end];
      const least = readLeb(wasm, count.end + 1);
      if (count.value !== 1 || flags !== withoutMaximum) return wasm;
      const limits = [1, withMaximum, ...leb(least.value), ...leb(Math.max(maxPages, least.value))];
      const section = [memorySection, ...leb(limits.length), ...limits];
      const limited = new Uint8Array(wasm.length - (least.end - at) + section.length);
      limited.set(wasm.subarray(0, at));
      limited.set(section, at);
      limited.set(wasm.subarray(least.end), at + section.length);
      return limited;
    }
    at = body + size.value;
  }
  return wasm;
}

/** WebAssembly core specification 5.5.8 and 5.3.7. */
const memorySection = 5;
const withoutMaximum = 0;
const withMaximum = 1;

/** Unsigned LEB128 of 32 bits. */
function readLeb(bytes: Uint8Array, from: number): { value: number; end: number } {
  let value = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = bytes[from + index] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, end: from + index + 1 };
  }
  return { value, end: from + 5 };
}

function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...leb(Math.floor(value / 0x80))];
}
