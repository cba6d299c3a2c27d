/** Pieces that generated code of the replay often needs. */
import type { FunctionBuilder, Value } from '../../vm/wasm/builder.ts';
import { I32 } from '../../vm/wasm/opcodes.ts';

/** The word at a fixed address. */
export function word(f: FunctionBuilder, address: number): Value {
  return f.load(I32.load, f.i32(0), address);
}

/** Bytes of so many words. */
export function scaled(f: FunctionBuilder, words: Value): Value {
  return f.binary(I32.shl, words, f.i32(2));
}
