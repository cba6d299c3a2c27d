/** Values of socket maps: a socket's number in 4 or 8 bytes from user space, which gets a cookie of 8 bytes back. */
import type { LinearAddress } from '../address.ts';
import { EBADF, EINVAL } from '../errno.ts';
import type { Memory } from '../memory.ts';
import { exists, type Handles } from './handles.ts';

/** The number of the socket at `value`, or a negative errno. */
export function readSocket(
  memory: Memory,
  handles: Handles | undefined,
  value: LinearAddress,
  size: number,
): number {
  const number = memory.readLow(value);
  if (size === 8 && (memory.readHigh(value) !== 0 || number < 0)) return EINVAL;
  return exists(handles, 'socket', number) ? number : EBADF;
}
