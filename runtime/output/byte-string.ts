/**
 * Byte strings: JavaScript strings with one character (0…255) a byte. Traced strings may hold any bytes and must come
 * out unchanged, so everything printed is a byte string until it leaves through {@link bytesOf}.
 */

export type ByteString = string;

const CHUNK = 8192;

/** The bytes from `start` to `end` as a byte string. */
export function byteString(bytes: Uint8Array, start = 0, end: number = bytes.length): ByteString {
  if (end - start <= CHUNK) return String.fromCharCode(...bytes.subarray(start, end));
  let text = '';
  for (let at = start; at < end; at += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, Math.min(end, at + CHUNK)));
  }
  return text;
}

/** The bytes a byte string stands for. */
export function bytesOf(text: ByteString): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return bytes;
}

/** A JavaScript text as the byte string of its UTF-8 form. */
export function encodeText(text: string): ByteString {
  return byteString(new TextEncoder().encode(text));
}
