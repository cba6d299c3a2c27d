/** Network addresses and unique ids as the kernel's `%pI`, `%pM` and `%pU` print them. */

/** Bytes of IPv4; `leadingZeros` for `%pi4`. */
export function ipv4Text(bytes: Uint8Array, leadingZeros: boolean, reverse: boolean): string {
  const parts = [...bytes.subarray(0, 4)].map((byte) =>
    leadingZeros ? String(byte).padStart(3, '0') : String(byte),
  );
  return (reverse ? parts.reverse() : parts).join('.');
}

/** Eight groups in full; without colons for `%pi6`. */
export function ipv6Text(bytes: Uint8Array, colons: boolean): string {
  const groups: string[] = [];
  for (let at = 0; at < 16; at += 2) groups.push(hexByte(bytes[at]!) + hexByte(bytes[at + 1]!));
  return groups.join(colons ? ':' : '');
}

/** The compressed form of `%pI6c` (RFC 5952): the longest run of zero groups is `::`. */
export function ipv6CompressedText(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, index) => bytes[index * 2]! * 256 + bytes[index * 2 + 1]!);
  const endsInIpv4 = isMappedIpv4(groups) || isIsatap(groups);
  const shown = endsInIpv4 ? 6 : 8;
  const run = longestZeroRun(groups.slice(0, shown));
  let text = '';
  let needsColon = false;
  for (let index = 0; index < shown; index++) {
    if (index === run.start) {
      text += needsColon || index === 0 ? '::' : ':';
      needsColon = false;
      index += run.length - 1;
      continue;
    }
    text += (needsColon ? ':' : '') + groups[index]!.toString(16);
    needsColon = true;
  }
  return endsInIpv4 ? `${text}${needsColon ? ':' : ''}${ipv4Text(bytes.subarray(12), false, false)}` : text;
}

function isMappedIpv4(groups: readonly number[]): boolean {
  return groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
}

/** RFC 5214: the interface id says 0000:5efe, or 0200:5efe. */
function isIsatap(groups: readonly number[]): boolean {
  return (groups[4]! | 0x0200) === 0x0200 && groups[5] === 0x5efe;
}

/** A single zero group is not compressed. */
function longestZeroRun(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let best = { start: -1, length: 1 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (start + length < groups.length && groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  return best;
}

/** `%pM` with `:`, `%pMF` with `-`, `%pm` without; `R` turns the bytes round. */
export function macText(bytes: Uint8Array, extension: string): string {
  const parts = [...bytes.subarray(0, 6)].map(hexByte);
  if (extension[1] === 'R') parts.reverse();
  if (extension[0] === 'm') return parts.join('');
  return parts.join(extension[1] === 'F' ? '-' : ':');
}

const GUID_ORDER: readonly number[] = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

/** `%pU`: big-endian, with `l` and `L` little-endian; capitals for `B` and `L`. */
export function uuidText(bytes: Uint8Array, extension: string): string {
  const isGuid = extension[1] === 'l' || extension[1] === 'L';
  const digits = Array.from({ length: 16 }, (_, index) =>
    hexByte(bytes[isGuid ? GUID_ORDER[index]! : index]!),
  );
  const text = [
    [0, 4],
    [4, 6],
    [6, 8],
    [8, 10],
    [10, 16],
  ]
    .map(([start, end]) => digits.slice(start, end).join(''))
    .join('-');
  return extension[1] === 'L' || extension[1] === 'B' ? text.toUpperCase() : text;
}

function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
