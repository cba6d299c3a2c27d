/** Builders the output tests share: cells from numbers, map handles from plain entries. */
import type { Type } from '../../../compiler/types/type.ts';
import type { MapHandle } from '../../../runtime/kernel.ts';
import type { PrintContext } from '../../../runtime/output/context.ts';
import type { Cell } from '../../../runtime/output/read.ts';

export const context: PrintContext = {
  strTruncTrailer: '..',
  epochNs: (stamp) => stamp,
  nowEpochNs: () => 0n,
  userName: (uid) => (uid === 0 ? 'root' : undefined),
  cgroupPaths: (id) => (id === 1n ? [{ hierarchy: 'unified', path: '/' }] : []),
  resolve: () => undefined,
};

export const int64: Type = { kind: 'integer', size: 8, signed: true };

/** 64-bit words, little endian. */
export function words(...values: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 8);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setBigInt64(index * 8, BigInt.asIntN(64, value), true);
  });
  return bytes;
}

export function text(value: string, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let index = 0; index < Math.min(size, value.length); index++) bytes[index] = value.charCodeAt(index);
  return bytes;
}

export function integer(value: bigint, size: 1 | 2 | 4 | 8 = 8, signed = true): Cell {
  return { type: { kind: 'integer', size, signed }, bytes: words(value), offset: 0 };
}

export function string(value: string, size: number): Cell {
  return { type: { kind: 'string', size }, bytes: text(value, size), offset: 0 };
}

/** A read-only map of the entries given. */
export function handle(
  entries: readonly { key: Uint8Array; value: Uint8Array }[],
  valueSize: number,
  copies = 1,
): MapHandle {
  return {
    name: '@',
    keySize: entries[0]?.key.length ?? 8,
    valueSize,
    copies,
    lookup: () => undefined,
    update: () => -22,
    delete: () => -22,
    entries: () => entries,
  };
}
