/** Keys of maps that are arrays. */
import type { LinearAddress } from '../address.ts';
import type { Memory } from '../memory.ts';

/**
 * Writes the index after the one at `key` to `cell` and returns that, or 0 after the last (`array_map_get_next_key`): no
 * key, or one out of range, starts over.
 */
export function nextIndex(
  memory: Memory,
  cell: LinearAddress,
  key: LinearAddress,
  count: number,
): LinearAddress {
  const index = key === 0 ? count : memory.readLow(key) >>> 0;
  const next = index >= count ? 0 : index + 1;
  if (next >= count) return 0;
  memory.view.setInt32(cell, next, true);
  return cell;
}
