/** Handlers of loads, stores and atomic operations. */
import { OPCODES, type Opcode } from '../../bpf/opcodes.ts';
import { KERNEL_TAG, USER_TAG } from '../address.ts';
import { COMBINING, LOADS, SIGNED_LOADS, STORES } from '../wasm/access-operators.ts';
import type { Local, Value } from '../wasm/builder.ts';
import { I32, I64 } from '../wasm/opcodes.ts';
import { type Handler, numbers } from './computation.ts';
import { DST, SRC } from './operands.ts';
import type { Scope } from './scope.ts';

export function memoryHandlers(): readonly Handler[] {
  const handlers = OPCODES.flatMap((row): readonly Handler[] => {
    const write = writerOf(row);
    return write === undefined
      ? []
      : [{ numbers: [row.code], hasDestination: true, write: (scope) => write(scope, row) }];
  });
  return [...handlers, { numbers: numbers('addr_space_cast'), hasDestination: true, write: cast }];
}

function writerOf({ form }: Opcode): ((scope: Scope, row: Opcode) => void) | undefined {
  switch (form) {
    case 'ldx':
    case 'ldsx':
    case 'load_acquire':
      return load;
    case 'stx':
    case 'st':
    case 'store_release':
      return store;
    case 'atomic':
    case 'atomic_fetch':
    case 'cmpxchg':
      return atomic;
    default:
      return undefined;
  }
}

function load(scope: Scope, { form, bytes }: Opcode): void {
  const { f, operands } = scope;
  const op = form === 'ldsx' ? SIGNED_LOADS[bytes]! : LOADS[bytes]!;
  operands.set(DST, f.load(op, address(scope, SRC, bytes, false), 0));
}

function store(scope: Scope, { form, bytes }: Opcode): void {
  const { f, operands } = scope;
  const target = address(scope, DST, bytes, true);
  operands.immediate = form === 'st';
  f.store(STORES[bytes]!, target, operands.get(SRC), 0);
}

function atomic(scope: Scope, row: Opcode): void {
  const { f, operands, where } = scope;
  const old = f.local('i64');
  operands.immediate = false;
  f.set(where, address(scope, DST, row.bytes, true));
  f.set(old, f.load(LOADS[row.bytes]!, f.get(where), 0));
  if (row.form === 'cmpxchg') {
    compareExchange(scope, row, old);
    return;
  }
  const target = f.get(where);
  f.store(STORES[row.bytes]!, target, combined(scope, row, old), 0);
  if (row.form === 'atomic_fetch') operands.set(SRC, f.get(old));
}

function combined({ f, operands }: Scope, { operation }: Opcode, old: Local): Value {
  if (operation === 'xchg') return operands.get(SRC);
  return f.binary(COMBINING[operation]!, f.get(old), operands.get(SRC));
}

function compareExchange(scope: Scope, { bytes }: Opcode, old: Local): void {
  const { f, operands, where } = scope;
  f.if(
    bytes === 8
      ? f.binary(I64.eq, f.get(old), scope.register(0))
      : f.binary(I32.eq, f.unary(I32.wrap_i64, f.get(old)), scope.registerLow(0)),
  );
  const target = f.get(where);
  f.store(STORES[bytes]!, target, operands.get(SRC), 0);
  f.end();
  scope.setRegister(0, () => f.get(old));
}

/** The address that a register and the offset give, where it may be accessed. */
function address(scope: Scope, register: number, bytes: number, write: boolean): Value {
  const { f, operands } = scope;
  operands.immediate = false;
  if (!scope.isChecked) return f.binary(I32.add, operands.low(register), scope.word(1));
  const offset = operands.get(register);
  f.set(scope.address, f.binary(I64.add, offset, f.load(I64.load32_s, f.get(scope.pc), 4)));
  f.if(scope.isOutside(() => f.i64(bytes, 0)));
  const pc = f.get(scope.pc);
  const low = f.unary(I32.wrap_i64, f.get(scope.address));
  const high = f.unary(I32.wrap_i64, f.binary(I64.shr_u, f.get(scope.address), f.i64(32, 0)));
  f.run(scope.module.imports.badAccess, [pc, low, high, f.i32(bytes), f.i32(write ? 1 : 0)]);
  f.unreachable();
  f.end();
  return f.unary(I32.wrap_i64, f.get(scope.address));
}

/** imm is `destination space << 16 | source space`; 1 is the arena, whose user view carries the user tag. NULL stays. */
function cast(scope: Scope): void {
  const { f, operands } = scope;
  const toUser = (): Value => f.binary(I32.eq, f.binary(I32.shr_u, scope.word(2), f.i32(16)), f.i32(1));
  operands.immediate = false;
  const low = f.unary(I64.extend_i32_u, operands.low(SRC));
  const tag = f.select(f.i64(0, USER_TAG), f.i64(0, KERNEL_TAG), toUser());
  const tagged = f.binary(I64.or, low, tag);
  operands.set(DST, f.select(tagged, f.i64(0, 0), operands.low(SRC)));
}
