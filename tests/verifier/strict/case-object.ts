/** A case → an object that the machine loads; undefined with a reason where it lacks what the program needs. */
import { decodeInstructions } from '../../../bpf/decode.ts';
import { CallKind, WideKind } from '../../../bpf/fields.ts';
import type { Instruction } from '../../../bpf/instruction.ts';
import type { MapTypeName } from '../../../bpf/maps.ts';
import type { BpfObject } from '../../../bpf/object.ts';
import type { Case } from '../../../verifier/case/case.ts';

/** Kernel functions get numbers beyond all helpers'. */
export const FIRST_KFUNC = 1000;

export interface CaseObject {
  readonly object: BpfObject;
  /** Names by number from {@link FIRST_KFUNC}. */
  readonly kfuncs: readonly string[];
}

/** Types that another stands for: what programs do with them is the same. */
const STAND_INS: Partial<Readonly<Record<MapTypeName, MapTypeName>>> = {
  lpm_trie: 'hash',
  prog_array: 'array',
  bloom_filter: 'queue',
};

const MAP_TYPES: readonly MapTypeName[] = [
  'array',
  'hash',
  'percpu_array',
  'percpu_hash',
  'lru_hash',
  'lru_percpu_hash',
  'queue',
  'stack',
  'ringbuf',
  'perf_event_array',
  'stack_trace',
];

const BPF_RDONLY_PROG = 0x80;

export function caseObject(one: Case): CaseObject | string {
  const standIn = (type: MapTypeName): MapTypeName => STAND_INS[type] ?? type;
  const strange = one.maps.find(({ type }) => !MAP_TYPES.includes(standIn(type)));
  if (strange !== undefined) return `map ${strange.type}`;
  if (one.ksyms.length > 0) return 'kernel symbols';
  const kfuncs = [...new Set(one.kfuncs.map(({ name }) => name))];
  const { instructions, slots } = decodeInstructions(one.insns);
  const maps = new Map(one.mapUses.map(({ slot, map }) => [slot, map]));
  const calls = new Map(one.kfuncs.map(({ slot, name }) => [slot, FIRST_KFUNC + kfuncs.indexOf(name)]));
  const code = instructions.map((insn, i): Instruction => {
    const map = maps.get(slots[i]!);
    if (map !== undefined) return mapReference(insn, `m${map}`);
    const kfunc = calls.get(slots[i]!);
    return kfunc === undefined ? insn : { ...insn, src: CallKind.helper, imm: kfunc };
  });
  const program = {
    name: 'main',
    type: one.programType,
    section: '',
    attach: [],
    instructions: code,
  } as const;
  return {
    kfuncs,
    object: {
      name: one.id,
      endian: 'little',
      license: 'GPL',
      programs: [program],
      functions: [],
      maps: one.maps.map(({ type, keySize, valueSize, maxEntries, flags }, i) => ({
        name: `m${i}`,
        type: standIn(type),
        keySize,
        valueSize,
        maxEntries,
        flags: type in STAND_INS ? 0 : flags & ~BPF_RDONLY_PROG,
      })),
      data: new Map(
        one.maps.flatMap(({ data }, i) => (data === undefined ? [] : [[`m${i}`, data] as const])),
      ),
      sources: [],
    },
  };
}

function mapReference(insn: Instruction, name: string): Instruction {
  if (insn.src === WideKind.mapFd) return { ...insn, src: 0, ref: { kind: 'map', name } };
  return { ...insn, src: 0, ref: { kind: 'map-value', name, offset: insn.immHigh ?? 0 } };
}
