/** Internet addresses as inet_ntop(3) of glibc writes them: IPv6 by RFC 5952. */
import { viewOf } from './read.ts';

const AF_INET = 2n;
const AF_INET6 = 10n;
const ADDRESS_OFFSET = 8;
const WORDS = 8;

/** The text of an inet value: family, then address; empty for other families, as that of a value never written. */
export function inetText(value: Uint8Array): string {
  const family = viewOf(value).getBigUint64(0, true);
  if (family === AF_INET) return value.subarray(ADDRESS_OFFSET, ADDRESS_OFFSET + 4).join('.');
  if (family !== AF_INET6) return '';
  const address = new Uint8Array(2 * WORDS);
  address.set(value.subarray(ADDRESS_OFFSET, ADDRESS_OFFSET + 2 * WORDS));
  return v6Text(address);
}

function v6Text(address: Uint8Array): string {
  const view = viewOf(address);
  const words = Array.from({ length: WORDS }, (_, index) => view.getUint16(index * 2));
  const zeros = longestZeros(words);
  const embedded =
    zeros.start === 0 && (zeros.length === 6 || (zeros.length === 5 && words[5] === 0xffff))
      ? address.subarray(12).join('.')
      : undefined;
  const shown = embedded === undefined ? words : words.slice(0, 6);
  const text = (part: readonly number[]): readonly string[] => part.map((word) => word.toString(16));
  const tail = [
    ...text(shown.slice(zeros.length === 0 ? 0 : zeros.start + zeros.length)),
    ...(embedded === undefined ? [] : [embedded]),
  ].join(':');
  return zeros.length === 0 ? tail : `${text(shown.slice(0, zeros.start)).join(':')}::${tail}`;
}

/** The first of the longest runs of two zeros and more. */
function longestZeros(words: readonly number[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < words.length; start++) {
    let end = start;
    while (words[end] === 0) end++;
    if (end - start > Math.max(1, best.length)) best = { start, length: end - start };
  }
  return best;
}
