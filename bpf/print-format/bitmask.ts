/** Bit masks of a record as text: `__get_bitmask` in hexadecimal, `__get_cpumask` as a list of CPUs. */
import type { DataPlace, PrintRecord } from './record.ts';

/** Hexadecimal digits with a comma each 32 bits; the mask is an array of longs in the kernel's byte order. */
export function bitmaskText(record: PrintRecord, place: DataPlace): string {
  let text = '';
  for (let index = 0; index < place.length; index++) {
    if (index > 0 && index % 4 === 0) text = `,${text}`;
    text = byteAt(record, place, index).toString(16).padStart(2, '0') + text;
  }
  return text;
}

/** Ranges of the bits that are set: `0,2-4`. */
export function cpumaskText(record: PrintRecord, place: DataPlace): string {
  const ranges: string[] = [];
  const bits = place.length * 8;
  for (let bit = 0; bit < bits; bit++) {
    if (!isSet(record, place, bit)) continue;
    const first = bit;
    while (bit + 1 < bits && isSet(record, place, bit + 1)) bit++;
    ranges.push(first === bit ? `${first}` : `${first}-${bit}`);
  }
  return ranges.join(',');
}

function isSet(record: PrintRecord, place: DataPlace, bit: number): boolean {
  return (byteAt(record, place, bit >> 3) & (1 << (bit & 7))) !== 0;
}

/** The byte of the given weight. */
function byteAt(record: PrintRecord, place: DataPlace, index: number): number {
  const at = record.littleEndian ? index : place.length - 1 - index;
  return record.bytes[record.offset + place.start + at]!;
}
