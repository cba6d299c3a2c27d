/** Loads, stores and atomic operations (RFC 9669 section 5). The machine is single-threaded: atomics are plain. */
import type { Instruction } from '../../bpf/instruction.ts';
import { type Opcode, opcodeOf } from '../../bpf/opcodes.ts';
import { KERNEL_TAG } from '../address.ts';
import { FRAME_SIZE, FRAME_TOP } from '../layout.ts';
import { PAGE } from '../memory.ts';
import { COMBINING, LOADS, SIGNED_LOADS, STORES } from '../wasm/access-operators.ts';
import type { FunctionBuilder, Local, Value } from '../wasm/builder.ts';
import { I32, I64 } from '../wasm/opcodes.ts';
import { FRAME_POINTER, type Registers } from './registers.ts';

/** What happens when a checked access is out of all memory. */
export type BadAccess = (address: Local, bytes: number, write: boolean) => void;

export interface AccessRules {
  /** Bytes of memory there are; undefined: nothing is checked. */
  readonly limit: number | undefined;
  readonly bad: BadAccess;
}

/** An i32 address and what is added to it. */
interface Place {
  readonly address: () => Value;
  readonly offset: number;
}

export class MemoryAccess {
  readonly #f: FunctionBuilder;
  readonly #r: Registers;
  readonly #rules: AccessRules;
  #address: Local | undefined;
  #where: Local | undefined;
  #old: Local | undefined;

  constructor(f: FunctionBuilder, registers: Registers, rules: AccessRules) {
    this.#f = f;
    this.#r = registers;
    this.#rules = rules;
  }

  load({ op, dst, src, off }: Instruction): void {
    const { form, bytes } = opcodeOf(op);
    const { address, offset } = this.#place(src, off, bytes, false);
    const load = form === 'ldsx' ? SIGNED_LOADS[bytes]! : LOADS[bytes]!;
    this.#r.set(dst, this.#f.load(load, address(), offset));
  }

  store({ op, dst, src, off, imm }: Instruction): void {
    const { form, bytes } = opcodeOf(op);
    const { address, offset } = this.#place(dst, off, bytes, true);
    const target = address();
    this.#f.store(
      STORES[bytes]!,
      target,
      form === 'st' ? this.#f.i64(imm, imm >> 31) : this.#r.get(src),
      offset,
    );
  }

  atomic({ op, dst, src, off }: Instruction): void {
    const f = this.#f;
    const row = opcodeOf(op);
    const { address, offset } = this.#place(dst, off, row.bytes, true);
    this.#where ??= f.local('i32');
    this.#old ??= f.local('i64');
    const where = this.#where;
    const old = this.#old;
    f.set(where, address());
    f.set(old, f.load(LOADS[row.bytes]!, f.get(where), offset));
    if (row.form === 'cmpxchg') {
      this.#compareExchange(row, src, where, old, offset);
      return;
    }
    const target = f.get(where);
    f.store(STORES[row.bytes]!, target, this.#combined(row, src, old), offset);
    if (row.form === 'atomic_fetch') this.#r.set(src, f.get(old));
  }

  #combined({ operation }: Opcode, src: number, old: Local): Value {
    const f = this.#f;
    if (operation === 'xchg') return this.#r.get(src);
    return f.binary(COMBINING[operation]!, f.get(old), this.#r.get(src));
  }

  #compareExchange({ bytes }: Opcode, src: number, where: Local, old: Local, offset: number): void {
    const f = this.#f;
    const isEqual =
      bytes === 8
        ? f.binary(I64.eq, f.get(old), this.#r.get(0))
        : f.binary(I32.eq, f.unary(I32.wrap_i64, f.get(old)), this.#r.low(0));
    f.if(isEqual);
    const target = f.get(where);
    f.store(STORES[bytes]!, target, this.#r.get(src), offset);
    f.end();
    this.#r.set(0, f.get(old));
  }

  /** Checks `bytes` that a register points to, where accesses are checked. */
  check(register: number, bytes: number, write: boolean): void {
    if (this.#rules.limit !== undefined) this.#checked(register, 0, bytes, write);
  }

  /** The bytes at `off` from a register, checked where they are to be. */
  #place(base: number, off: number, bytes: number, write: boolean): Place {
    const f = this.#f;
    const r = this.#r;
    const isOwnFrame = base === FRAME_POINTER && off >= -FRAME_SIZE && off + bytes <= 0;
    if (this.#rules.limit !== undefined && !isOwnFrame) return this.#checked(base, off, bytes, write);
    if (base === FRAME_POINTER && r.frame === undefined)
      return { address: () => f.i32(0), offset: FRAME_TOP + off };
    if (off >= 0) return { address: () => r.low(base), offset: off };
    return { address: () => f.binary(I32.add, r.low(base), f.i32(off)), offset: 0 };
  }

  #checked(base: number, off: number, bytes: number, write: boolean): Place {
    const f = this.#f;
    this.#address ??= f.local('i64');
    const address = this.#address;
    f.set(address, f.binary(I64.add, this.#r.get(base), f.i64(off, off >> 31)));
    const above = f.binary(I64.sub, f.get(address), f.i64(PAGE, KERNEL_TAG));
    f.if(f.binary(I64.gt_u, above, f.i64(this.#rules.limit! - PAGE - bytes, 0)));
    this.#rules.bad(address, bytes, write);
    f.unreachable();
    f.end();
    return { address: () => f.unary(I32.wrap_i64, f.get(address)), offset: 0 };
  }
}
