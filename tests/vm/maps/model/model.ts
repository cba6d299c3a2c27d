/** What a map does, in plain JavaScript: keys and values are hexadecimal text, results values or error numbers. */
export interface Model {
  /** The value, or what bpf(2) answers instead. `asked` is the value a bloom filter is asked about. */
  lookup(key: string, asked: string): string | number;
  update(key: string, value: string, flags: number): number;
  delete(key: string): number;
  /** The first key when there is none. */
  next(key: string | undefined): string | number;
  /** Lookup and deletion in one: undefined where the type has none. */
  take?(key: string): string | number;
  /** BPF_F_LOCK is allowed. */
  readonly locks?: boolean;
  readonly batches?: readonly string[];
  /** The last batch comes with ENOENT, as that of hash tables does. */
  readonly endsBatches?: boolean;
}

export const EPERM = 1;
export const ENOENT = 2;
export const E2BIG = 7;
export const EBADF = 9;
export const EBUSY = 16;
export const EEXIST = 17;
export const ENODEV = 19;
export const EINVAL = 22;
export const ENOSPC = 28;
export const EOVERFLOW = 75;
export const EOPNOTSUPP = 95;
export const ENOTSUPP = 524;

/** Of a key that is an index. */
export function indexOf(key: string): number {
  return new DataView(Uint8Array.fromHex(key).buffer).getUint32(0, true);
}

export function keyOf(index: number): string {
  return new Uint8Array(Uint32Array.of(index).buffer).toHex();
}

/** Keys of arrays: all of them, in order. */
export function nextIndex(key: string | undefined, count: number): string | number {
  const index = key === undefined ? count : indexOf(key);
  if (index >= count) return keyOf(0);
  return index + 1 === count ? ENOENT : keyOf(index + 1);
}

/** What an update's flags ask of an element that is there or not. */
export function flagProblem(flags: number, exists: boolean): number {
  if (flags === 1 && exists) return EEXIST;
  return flags === 2 && !exists ? ENOENT : 0;
}
