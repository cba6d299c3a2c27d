/**
 * The mappings of a source map of WebAssembly: one generated line, columns are byte offsets, and here the line of the
 * source is the tag of a mark. Each segment is four or five signed numbers in base 64 (VLQ), relative to the segment before.
 */
import type { Mark } from '../builder.ts';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const CONTINUES = 32;

export function marksOf(sourceMap: string): readonly Mark[] {
  const { mappings } = JSON.parse(sourceMap) as { readonly mappings: string };
  const marks: Mark[] = [];
  let offset = 0;
  let line = 0;
  for (const segment of mappings.split(',')) {
    const [column = 0, , lines] = numbers(segment);
    offset += column;
    // A segment of one number ends what the last one told of.
    if (lines === undefined) continue;
    line += lines;
    // Lines count from 1 where they are given and from 0 in the map.
    marks.push({ offset, tag: line });
  }
  return marks;
}

function numbers(segment: string): readonly number[] {
  const all: number[] = [];
  let value = 0;
  let shift = 0;
  for (const digit of segment) {
    const bits = DIGITS.indexOf(digit);
    value |= (bits & (CONTINUES - 1)) << shift;
    shift += 5;
    if ((bits & CONTINUES) !== 0) continue;
    all.push((value & 1) === 0 ? value >> 1 : -(value >> 1));
    value = 0;
    shift = 0;
  }
  return all;
}
