/** Contents of read-only maps, which are constants of the program (`bpf_map_direct_read`). */
import type { VerifierMap } from '../map.ts';
import { constantUnreachable } from '../messages.gen.ts';
import { Int64 } from '../value/int64.ts';

/** `size` bytes at `at`, which lies in the value. @throws Rejection: only the value of a map of one entry has an address */
export function readConstant(map: VerifierMap, at: number, size: 1 | 2 | 4 | 8, signExtend: boolean): Int64 {
  if (map.maxEntries !== 1) throw constantUnreachable({ entries: map.maxEntries, nothing: '' });
  const low = wordAt(map.data, at, Math.min(size, 4));
  if (size === 8) return new Int64(wordAt(map.data, at + 4, 4), low);
  if (!signExtend) return new Int64(0, low);
  const shift = 32 - size * 8;
  return Int64.signed32((low << shift) >> shift);
}

/** Bytes nobody wrote are zero. */
function wordAt(data: Uint8Array | undefined, at: number, size: number): number {
  let word = 0;
  for (let i = 0; i < size; i++) word |= (data?.[at + i] ?? 0) << (i * 8);
  return word;
}
