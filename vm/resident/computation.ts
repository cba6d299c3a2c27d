/** Handlers of computation and jumps: those of the JIT, on operands that the record names. */
import { OPCODES, type Opcode, type OpName } from '../../bpf/opcodes.ts';
import { Alu } from '../jit/alu.ts';
import { condition } from '../jit/condition.ts';
import { I32, I64 } from '../wasm/opcodes.ts';
import { BACKWARD, Own, RECORD } from './numbers.ts';
import { DST, SRC } from './operands.ts';
import type { Scope } from './scope.ts';

/** What runs the instructions of some numbers. It ends with a branch, or the next instruction follows. */
export interface Handler {
  readonly numbers: readonly number[];
  readonly write: (scope: Scope) => void;
  /** It has to do with the destination. */
  readonly hasDestination?: boolean;
}

const COMPUTING: ReadonlySet<string> = new Set(['alu_k', 'alu_x', 'neg', 'movsx', 'end']);

/** The instruction with both operands in registers: the immediate is one here. */
const asRegisters = ({ name }: Opcode): { op: OpName; dst: 0; src: 1; off: 0; imm: 0 } => ({
  op: name.replace(/_k$/, '_x') as OpName,
  dst: DST,
  src: SRC,
  off: 0,
  imm: 0,
});

export function computationHandlers(): readonly Handler[] {
  const handlers: Handler[] = [];
  for (const row of OPCODES) {
    if (COMPUTING.has(row.form)) handlers.push(compute(row));
    else if (row.form === 'jmp_k' || row.form === 'jmp_x') handlers.push(forward(row), backward(row));
  }
  return [
    ...handlers,
    { numbers: numbers('ja', 'ja32'), write: jump },
    { numbers: [Own.back], write: jumpBack },
    { numbers: numbers('may_goto'), write: mayGoto },
    {
      numbers: numbers('lddw'),
      hasDestination: true,
      write: ({ f, pc, operands }) => operands.set(DST, f.load(I64.load, f.get(pc), 8)),
    },
  ];
}

export function numbers(...names: readonly OpName[]): readonly number[] {
  return OPCODES.filter(({ name }) => names.includes(name)).map(({ code }) => code);
}

function compute(row: Opcode): Handler {
  return {
    numbers: [row.code],
    hasDestination: true,
    write: ({ f, operands }) => {
      operands.immediate = row.form === 'alu_k';
      new Alu(f, operands).emit(asRegisters(row));
    },
  };
}

/** A branch, though `select` would do: the processor foresees it, and what comes after it, before the operands are there. */
function forward(row: Opcode): Handler {
  return {
    numbers: [row.code],
    hasDestination: true,
    write: (scope) => {
      const { f, pc, operands } = scope;
      operands.immediate = row.form === 'jmp_k';
      f.if(condition(f, operands, asRegisters(row), false));
      f.set(pc, scope.word(1));
      f.br(scope.next);
      f.end();
      f.set(pc, f.binary(I32.add, f.get(pc), f.i32(RECORD)));
      f.br(scope.next);
    },
  };
}

function backward(row: Opcode): Handler {
  return {
    numbers: [row.code + BACKWARD],
    hasDestination: true,
    write: (scope) => {
      const { f, operands } = scope;
      operands.immediate = row.form === 'jmp_k';
      f.if(condition(f, operands, asRegisters(row), false));
      jumpBack(scope);
      f.end();
    },
  };
}

function jump(scope: Scope): void {
  scope.f.set(scope.pc, scope.word(1));
  scope.f.br(scope.next);
}

function jumpBack(scope: Scope): void {
  scope.take(scope.word(3));
  jump(scope);
}

/** The jump is taken when the frame's rounds are used up. */
function mayGoto(scope: Scope): void {
  const { f, loops } = scope;
  f.if(f.binary(I32.le_s, f.get(loops), f.i32(0)));
  scope.take(f.i32(1));
  jump(scope);
  f.end();
  f.set(loops, f.binary(I32.sub, f.get(loops), f.i32(1)));
}
