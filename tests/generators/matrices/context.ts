/** Every access to every context: program and attach types × offsets × sizes × ways to read and write. */
import { REQUIRED_ATTACH_TYPES } from '../../../bpf/attach-types.ts';
import { contextOf, PROGRAM_TYPES, type ProgramType } from '../../../bpf/programs.ts';
import type { AttachTypeName } from '../../../bpf/sections.ts';
import type { Case } from '../../../verifier/case/case.ts';

/** Bytes tried of contexts without a layout of their own. */
const OTHER_SIZE = 96;
/** Bytes tried behind a layout. */
const BEYOND = 16;

const LDX = { 1: 0x71, 2: 0x69, 4: 0x61, 8: 0x79 } as const;
const STX = { 1: 0x73, 2: 0x6b, 4: 0x63, 8: 0x7b } as const;
const ST = { 1: 0x72, 2: 0x6a, 4: 0x62, 8: 0x7a } as const;

export function* contextMatrix(): Generator<Case> {
  for (const type of PROGRAM_TYPES) {
    if (type.name === 'struct_ops' || type.name === 'ext' || type.name === 'lsm') continue;
    for (const attach of REQUIRED_ATTACH_TYPES[type.name] ?? [undefined]) yield* accesses(type, attach);
  }
}

function* accesses(type: ProgramType, attach: AttachTypeName | undefined): Generator<Case> {
  const size = (contextOf(type)?.size ?? OTHER_SIZE) + BEYOND;
  for (let off = -8; off < size; off++) {
    for (const bytes of [1, 2, 4, 8] as const) {
      // Odd places of wide accesses are all refused alike: one stands for them.
      if (off % bytes !== 0 && off % 8 !== 1) continue;
      yield one(type, attach, `ldx${bytes}+${off}`, [insn(LDX[bytes], 0, 1, off, 0)]);
      yield one(type, attach, `stx${bytes}+${off}`, [insn(0xb7, 2, 0, 0, 1), insn(STX[bytes], 1, 2, off, 0)]);
      yield one(type, attach, `st${bytes}+${off}`, [insn(ST[bytes], 1, 0, off, 1)]);
      yield one(type, attach, `ldsx${bytes}+${off}`, [insn(LDX[bytes] | 0x80, 0, 1, off, 0)]);
    }
  }
}

function one(
  type: ProgramType,
  attach: AttachTypeName | undefined,
  name: string,
  body: readonly Uint8Array[],
): Case {
  const code = [...body, insn(0xb7, 0, 0, 0, 0), insn(0x95, 0, 0, 0, 0)];
  const insns = new Uint8Array(code.length * 8);
  for (const [index, bytes] of code.entries()) insns.set(bytes, index * 8);
  return {
    id: `context-${type.name}${attach === undefined ? '' : `-${attach}`}/#${name}`,
    programType: type.name,
    ...(attach === undefined ? {} : { attachType: attach }),
    ...(type.name === 'tracing'
      ? { attachType: 'trace_raw_tp', attachBtf: { name: 'btf_trace_sched_switch', kind: 'typedef' } }
      : {}),
    flags: type.name === 'syscall' ? 0x10 : 0,
    license: 'GPL',
    insns,
    maps: [],
    mapUses: [],
    kfuncs: [],
    ksyms: [],
    runs: [],
  };
}

function insn(code: number, dst: number, src: number, off: number, imm: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  bytes[0] = code;
  bytes[1] = dst | (src << 4);
  view.setInt16(2, off, true);
  view.setInt32(4, imm, true);
  return bytes;
}
