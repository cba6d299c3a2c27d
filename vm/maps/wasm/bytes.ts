/** Runs of bytes whose length is known: hashing, comparing, copying, clearing. */
import type { FunctionBuilder, Local, Value } from '../../wasm/builder.ts';
import { I32, I64, type LoadOp, type StoreOp } from '../../wasm/opcodes.ts';

/** Bytes that are handled one by one at most; more are left to loops and to the engine. */
const UNROLLED = 64;

interface Piece {
  readonly offset: number;
  readonly load: LoadOp;
  readonly store: StoreOp;
  readonly type: 'i32' | 'i64';
}

/** The pieces that together are `size` bytes. */
function pieces(size: number): readonly Piece[] {
  const list: Piece[] = [];
  let offset = 0;
  for (; size - offset >= 8; offset += 8)
    list.push({ offset, load: I64.load, store: I64.store, type: 'i64' });
  if (size - offset >= 4) {
    list.push({ offset, load: I32.load, store: I32.store, type: 'i32' });
    offset += 4;
  }
  if (size - offset >= 2) {
    list.push({ offset, load: I32.load16_u, store: I32.store16, type: 'i32' });
    offset += 2;
  }
  if (size > offset) list.push({ offset, load: I32.load8_u, store: I32.store8, type: 'i32' });
  return list;
}

/** An address: a value that is built anew for each use, and a constant. */
export interface Place {
  readonly address: () => Value;
  readonly offset: number;
}

export function placeAt(f: FunctionBuilder, address: Local, offset = 0): Place {
  return { address: () => f.get(address), offset };
}

/** Copies; the two may overlap. */
export function copyBytes(f: FunctionBuilder, target: Place, source: Place, size: number): void {
  if (size > UNROLLED) {
    f.copy(whole(f, target), whole(f, source), f.i32(size));
    return;
  }
  const list = pieces(size).map((piece) => ({ ...piece, local: f.local(piece.type) }));
  for (const { offset, load, local } of list)
    f.set(local, f.load(load, source.address(), source.offset + offset));
  for (const { offset, store, local } of list)
    f.store(store, target.address(), f.get(local), target.offset + offset);
}

export function clearBytes(f: FunctionBuilder, target: Place, size: number): void {
  if (size > UNROLLED) {
    f.fill(whole(f, target), f.i32(0), f.i32(size));
    return;
  }
  for (const { offset, store, type } of pieces(size)) {
    const address = target.address();
    f.store(store, address, type === 'i64' ? f.i64(0, 0) : f.i32(0), target.offset + offset);
  }
}

function whole(f: FunctionBuilder, place: Place): Value {
  const address = place.address();
  return place.offset === 0 ? address : f.binary(I32.add, address, f.i32(place.offset));
}
