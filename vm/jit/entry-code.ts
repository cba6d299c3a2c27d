/** Code around a program's own that compiled and interpreted programs are entered by. */
import { KERNEL_TAG } from '../address.ts';
import { RunState } from '../layout.ts';
import type { FunctionBuilder, Local, Value } from '../wasm/builder.ts';
import { I32, I64 } from '../wasm/opcodes.ts';

/** The kernel pointer to a context; NULL for 0. */
export function contextPointer(f: FunctionBuilder, context: Local): Value {
  const pointer = f.binary(I64.or, f.unary(I64.extend_i32_u, f.get(context)), f.i64(0, KERNEL_TAG));
  return f.select(pointer, f.i64(0, 0), f.get(context));
}

export interface BatchVariables {
  readonly count: Local;
  /** The first context; it moves on. */
  readonly context: Local;
  readonly stride: Local;
}

/** A whole body: runs until output is written, and returns how often. `run` gives what is not looked at. */
export function writeBatch(
  f: FunctionBuilder,
  { count, context, stride }: BatchVariables,
  run: () => Value,
): void {
  const done = f.local('i32');
  const output = f.local('i32');
  f.set(output, f.load(I32.load, f.i32(0), RunState.output));
  const out = f.block();
  const again = f.loop();
  f.brIf(out, f.binary(I32.ge_u, f.get(done), f.get(count)));
  f.drop(run());
  f.set(done, f.binary(I32.add, f.get(done), f.i32(1)));
  f.set(context, f.binary(I32.add, f.get(context), f.get(stride)));
  f.brIf(again, f.binary(I32.eq, f.load(I32.load, f.i32(0), RunState.output), f.get(output)));
  f.end();
  f.end();
  f.return(f.get(done));
  f.finish();
}
