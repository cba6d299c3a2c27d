/** Runs of bytes whose length is known: hashing, comparing, copying, clearing. */
import type { FunctionBuilder, Local, Value } from '../../wasm/builder.ts';
import { I32, I64, type LoadOp, type StoreOp } from '../../wasm/opcodes.ts';

/** Bytes that are handled one by one at most; more are left to loops and to the engine. */
const UNROLLED = 64;
/** Bytes that a loop copies at most, where their number is not known. */
const LOOPED = 256;

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

/** Copies as many bytes as `size` says; the places do not overlap. */
export function copyAny(f: FunctionBuilder, target: Local, source: Local, size: Local): void {
  // A call into the engine costs more than a short copy.
  f.if(f.binary(I32.gt_u, f.get(size), f.i32(LOOPED)));
  f.copy(f.get(target), f.get(source), f.get(size));
  f.else();
  const done = f.local('i32');
  f.set(done, f.i32(0));
  copyWhile(f, done, size, 8, [target, source]);
  copyWhile(f, done, size, 1, [target, source]);
  f.end();
}

/** Copies pieces of 8 bytes or 1 as long as whole ones are left. */
function copyWhile(
  f: FunctionBuilder,
  done: Local,
  size: Local,
  step: 1 | 8,
  [target, source]: readonly [Local, Local],
): void {
  const at = (address: Local): Value => f.binary(I32.add, f.get(address), f.get(done));
  const out = f.block();
  const again = f.loop();
  const after = f.binary(I32.add, f.get(done), f.i32(step));
  f.brIf(out, f.binary(I32.gt_u, after, f.get(size)));
  const to = at(target);
  if (step === 8) f.store(I64.store, to, f.load(I64.load, at(source), 0), 0);
  else f.store(I32.store8, to, f.load(I32.load8_u, at(source), 0), 0);
  f.set(done, f.binary(I32.add, f.get(done), f.i32(step)));
  f.br(again);
  f.end();
  f.end();
}

function whole(f: FunctionBuilder, place: Place): Value {
  const address = place.address();
  return place.offset === 0 ? address : f.binary(I32.add, address, f.i32(place.offset));
}
