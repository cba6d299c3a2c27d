/**
 * What 0.17 leaves out of its objects: the maps. It numbers them in the order it makes them: the script's by name, then its
 * own. Sizes follow from our types by its rules: numbers take 8 bytes wherever they are stored, keys have no padding.
 */
import type { Instruction } from '../../bpf/instruction.ts';
import type { MapDefinition } from '../../bpf/maps.ts';
import type { BpfObject, BpfProgram } from '../../bpf/object.ts';
import type { ScriptInfo, ScriptMap } from '../../compiler/script-info.ts';
import type { Type } from '../../compiler/types/type.ts';
import type { PeerProgram } from './peer.ts';

const MAX_ENTRIES = 4096;
/** 0.17's `join()` buffer: two words, then 16 arguments of 1024 bytes. */
const JOIN_BYTES: number = 16 + 16 * 1024;

/** The peer's programs as an object our machine loads. */
export function peerObject(programs: readonly PeerProgram[], info: ScriptInfo, script: string): BpfObject {
  const names = mapNames(programs, info);
  const internal = [...names.values()].filter((name) => !name.startsWith('@')).map(internalMap);
  return {
    name: 'bpftrace',
    endian: 'little',
    license: 'GPL',
    programs: programs.map((program): BpfProgram => {
      const instructions = program.instructions.map((one) => named(one, names));
      return { name: program.probe, instructions, type: 'kprobe', section: 'kprobe', attach: [] };
    }),
    functions: [],
    maps: [...info.maps.map((map) => scriptMap(map, script)), ...internal],
    data: new Map(),
    sources: [],
  };
}

function named(one: Instruction, names: ReadonlyMap<number, string>): Instruction {
  if (!isMapLoad(one)) return one;
  return { ...one, ref: { kind: 'map', name: names.get(one.imm)! } };
}

function isMapLoad(one: Instruction): boolean {
  return one.op === 'lddw' && one.src === 1;
}

/** Names by number; 0.17's own maps by how the code uses them. */
function mapNames(programs: readonly PeerProgram[], info: ScriptInfo): ReadonlyMap<number, string> {
  const names = new Map(info.maps.map(({ name }, index) => [index, name]));
  for (const { instructions } of programs) {
    instructions.forEach((one, index) => {
      if (!isMapLoad(one) || names.has(one.imm)) return;
      names.set(one.imm, one.dst === 2 ? 'perf' : usedAsElapsed(instructions, index) ? 'elapsed' : 'join');
    });
  }
  return names;
}

/** The start of tracing has a key of 8 bytes, the join buffer one of 4. */
function usedAsElapsed(instructions: readonly Instruction[], load: number): boolean {
  return instructions.slice(Math.max(0, load - 3), load).some(({ op }) => op === 'stx64');
}

function internalMap(name: string): MapDefinition {
  if (name === 'perf')
    return { name, type: 'perf_event_array', keySize: 4, valueSize: 4, maxEntries: 0, flags: 0 };
  if (name === 'elapsed') return { name, type: 'hash', keySize: 8, valueSize: 8, maxEntries: 1, flags: 0 };
  return { name, type: 'percpu_array', keySize: 4, valueSize: JOIN_BYTES, maxEntries: 1, flags: 0 };
}

function scriptMap({ name, key, value }: ScriptMap, script: string): MapDefinition {
  const common = { name, flags: 0, valueSize: valueSize(value), maxEntries: MAX_ENTRIES } as const;
  if (key === undefined && value.kind === 'count')
    return { ...common, type: 'percpu_array', keySize: 4, maxEntries: 1 };
  const extra = hasIndexedKey(value) ? 8 : 0;
  const keySize = (key === undefined ? 0 : isByProbe(name, script) ? 8 : storedSize(key)) + extra || 8;
  return { ...common, type: isPerCpu(value) ? 'percpu_hash' : 'hash', keySize };
}

/** `probe` is a number there, which user space turns into a name. */
export function isByProbe(map: string, script: string): boolean {
  return script.includes(`${map}[probe]`);
}

/** Histograms keep a bucket's number behind the key, averages which of count and total. */
export function hasIndexedKey({ kind }: Type): boolean {
  return kind === 'hist' || kind === 'lhist' || kind === 'avg' || kind === 'stats';
}

export function isPerCpu({ kind }: Type): boolean {
  return ['count', 'sum', 'min', 'max', 'avg', 'stats', 'hist', 'lhist'].includes(kind);
}

/** Tuples have padding as values. */
function valueSize(type: Type): number {
  if (type.kind !== 'tuple') return storedSize(type);
  return type.elements.reduce((sum, one) => sum + Math.ceil(storedSize(one.type) / 8) * 8, 0);
}

function storedSize(type: Type): number {
  if (type.kind === 'tuple') return type.elements.reduce((sum, one) => sum + storedSize(one.type), 0);
  return type.kind === 'string' || type.kind === 'array' || type.kind === 'buffer' ? type.size : 8;
}
