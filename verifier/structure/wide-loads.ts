/**
 * What wide loads stand for: maps, addresses in their values, variables and functions of the kernel; and that every opcode
 * is one (`resolve_pseudo_ldimm64`).
 */

import { WideKind } from '../../bpf/fields.ts';
import type { Feature } from '../../bpf/profiles/index.ts';
import type { Environment } from '../environment.ts';
import { type Insn, isWideLoad } from '../instruction.ts';
import type { WideLoad } from '../instruction-aux.ts';
import type { VerifierMap } from '../map.ts';
import {
  badMapDescriptor,
  directValueOffset,
  invalidWideLoad,
  mapIndexWithoutTable,
  noDirectValues,
  outsideMapValue,
  reservedFields,
  tooManyMaps,
  unknownOpcode,
  unrecognizedWideLoad,
} from '../messages.gen.ts';
import { kernelSymbol } from './kernel-symbols.ts';
import { knownOpcodes } from './known-opcodes.ts';
import { MapCompatibility } from './map-compatibility.ts';

/** `BPF_MAX_VAR_OFF` */
const MAX_OFFSET = 1 << 29;

const MEM = 0x60;
const MEMSX = 0x80;

/** @throws Rejection */
export function resolveWideLoads(env: Environment): void {
  const maps = new UsedMaps(env);
  const known = knownOpcodes(env);
  const { insns } = env;
  for (let slot = 0; slot < insns.length; slot++) {
    const insn = insns[slot]!;
    if (insn.class === 1 && (insn.imm !== 0 || !isLoadMode(env, insn)))
      throw reservedFields({ name: 'BPF_LDX', slot });
    if (isWideLoad(insn)) {
      env.aux[slot]!.wide = resolve(env, slot, maps);
      slot++;
      continue;
    }
    if (!known[insn.code]) throw unknownOpcode({ opcode: insn.code.toString(16).padStart(2, '0'), slot });
  }
}

function isLoadMode(env: Environment, insn: Insn): boolean {
  return insn.mode === MEM || (insn.mode === MEMSX && env.supports('instruction_set_v4'));
}

function resolve(env: Environment, slot: number, maps: UsedMaps): WideLoad | null {
  const insn = env.insns[slot]!;
  const second = env.insns[slot + 1];
  if (second === undefined || second.code !== 0 || second.dst !== 0 || second.src !== 0 || second.off !== 0) {
    throw invalidWideLoad({ slot });
  }
  if (!isKnownKind(env, insn.src)) throw unrecognizedWideLoad({ slot });
  switch (insn.src) {
    case WideKind.value:
    case WideKind.func:
      return null;
    case WideKind.btfId:
      return kernelSymbol(env, slot);
    case WideKind.mapFd:
    case WideKind.mapIdx:
      if (second.imm !== 0) throw unrecognizedWideLoad({ slot });
      return { kind: 'map', map: maps.use(slot) };
    case WideKind.mapValue:
    case WideKind.mapIdxValue:
      return mapValue(maps.use(slot), second.imm >>> 0, slot);
    default:
      throw unrecognizedWideLoad({ slot });
  }
}

const KIND_SINCE: Readonly<Record<number, Feature>> = {
  [WideKind.mapValue]: 'map_value_address',
  [WideKind.btfId]: 'per_cpu_ksyms',
  [WideKind.func]: 'callbacks',
  [WideKind.mapIdx]: 'syscall_programs',
  [WideKind.mapIdxValue]: 'syscall_programs',
};

function isKnownKind(env: Environment, kind: number): boolean {
  const feature = KIND_SINCE[kind];
  return feature === undefined || env.supports(feature);
}

function mapValue(map: VerifierMap, off: number, slot: number): WideLoad {
  if (off >= MAX_OFFSET) throw directValueOffset({ off, slot });
  if (!DIRECT_VALUES.has(map.type)) throw noDirectValues({ slot });
  if (!isInsideDirectValue(map, off)) throw outsideMapValue({ valueSize: map.valueSize, off, slot });
  return { kind: 'map-value', map, off };
}

/** Map types with `map_direct_value_addr`. */
const DIRECT_VALUES: ReadonlySet<string> = new Set(['array', 'arena', 'insn_array']);

/** `array_map_direct_value_addr`, `arena_map_direct_value_addr` */
function isInsideDirectValue(map: VerifierMap, off: number): boolean {
  if (map.type === 'arena') return off < map.maxEntries * 4096;
  return map.maxEntries === 1 && off < map.valueSize;
}

/** Maps of the program, each once, in the order in which it comes to them (`add_used_map`). */
class UsedMaps {
  readonly #env: Environment;
  readonly #used = new Set<VerifierMap>();
  readonly #compatibility: MapCompatibility;

  constructor(env: Environment) {
    this.#env = env;
    this.#compatibility = new MapCompatibility(env);
  }

  /** The map of a wide load. @throws Rejection */
  use(slot: number): VerifierMap {
    const map = this.#mapAt(slot);
    if (this.#used.has(map)) return map;
    const limit = this.#env.profile.limits.maps;
    if (this.#used.size >= limit) throw tooManyMaps({ limit, slot });
    this.#compatibility.check(map, slot);
    this.#used.add(map);
    return map;
  }

  #mapAt(slot: number): VerifierMap {
    const { imm, src } = this.#env.insns[slot]!;
    const index = this.#env.input.mapSlots?.get(slot);
    const map = index === undefined ? undefined : this.#env.maps[index];
    if (map !== undefined) return map;
    const indexed = src === WideKind.mapIdx || src === WideKind.mapIdxValue;
    throw indexed ? mapIndexWithoutTable({ slot }) : badMapDescriptor({ fd: imm, slot });
  }
}
