/** Cases → the commands of `bpfjudge.c`. Equal maps and BTF of several cases are told once. */
import { toHex } from '../../../bpf/hex.ts';
import { type MapTypeName, mapType } from '../../../bpf/maps.ts';
import { programType } from '../../../bpf/programs.ts';
import { attachTypeId } from '../../../bpf/sections.ts';
import type { AttachBtf, Case, CaseMap } from '../../../verifier/case/case.ts';

/** Bits of the kernel's log, or `auto`: the message only, and the path of what is refused. */
export type LogLevel = 0 | 1 | 2 | 4 | 'auto';

/** The first program that names such a map binds it: another's would be refused for that. */
const BOUND: readonly MapTypeName[] = ['prog_array', 'devmap', 'cgroup_storage', 'percpu_cgroup_storage'];

const BTF_KINDS: Readonly<Record<AttachBtf['kind'], number>> = { struct: 4, typedef: 8, func: 12 };

/** One answer will come for each case, in this order. */
export function judgeCommands(cases: readonly Case[], level: LogLevel): string {
  const commands = new Commands(level);
  for (const one of cases) commands.add(one);
  return commands.text();
}

class Commands {
  readonly #lines: string[] = [];
  readonly #level: string;
  readonly #btfs = new Map<string, number>();
  readonly #btfOfBytes = new Map<Uint8Array, number>();
  readonly #maps = new Map<string, number>();

  constructor(level: LogLevel) {
    this.#level = level === 'auto' ? 'a' : String(level);
  }

  text(): string {
    return this.#lines.map((line) => `${line}\n`).join('');
  }

  add(one: Case): void {
    const btf = one.btf === undefined ? '-' : String(this.#btf(one.btf));
    const numbers = this.#mapNumbers(one, btf);
    const maps = one.mapUses.map(({ slot, map }) => `${slot}:${numbers.get(map)!}`);
    const kfuncs = one.kfuncs.map(({ slot, name, module }) =>
      [slot, word(name), ...(module === undefined ? [] : [word(module)])].join(':'),
    );
    const ksyms = one.ksyms.map(
      ({ slot, name, kind }) => `${slot}:${kind === 'btf' ? 'b' : 'a'}:${word(name)}`,
    );
    const fields = [
      programType(one.programType).id,
      one.attachType === undefined ? 0 : attachTypeId(one.attachType),
      one.flags,
      hex(new TextEncoder().encode(`${one.license}\0`)),
      this.#level,
      btf,
      hex(one.functionInfo),
      hex(one.lineInfo),
      target(one.attachBtf),
      maps.join(',') || '-',
      kfuncs.join(',') || '-',
      ksyms.join(',') || '-',
      hex(one.insns),
    ];
    this.#lines.push(`C ${fields.join(' ')}`);
  }

  #btf(bytes: Uint8Array): number {
    const same = this.#btfOfBytes.get(bytes);
    if (same !== undefined) return same;
    const text = hex(bytes);
    const index = this.#btfs.get(text) ?? this.#btfs.size;
    if (index === this.#btfs.size) {
      this.#btfs.set(text, index);
      this.#lines.push(`B ${text}`);
    }
    this.#btfOfBytes.set(bytes, index);
    return index;
  }

  /** Of the maps that are used, by their index in the case: two that look alike are two maps. */
  #mapNumbers(one: Case, btf: string): ReadonlyMap<number, number> {
    const numbers = new Map<number, number>();
    const taken = new Set<number>();
    for (const { map } of one.mapUses) {
      if (numbers.has(map)) continue;
      let twin = 0;
      let number = this.#map(one.maps[map]!, btf, twin);
      while (taken.has(number)) number = this.#map(one.maps[map]!, btf, ++twin);
      taken.add(number);
      numbers.set(map, number);
    }
    return numbers;
  }

  /** @param twin which of the maps that look like this one */
  #map(map: CaseMap, caseBtf: string, twin: number): number {
    const btf = map.types === undefined ? caseBtf : String(this.#btf(map.types));
    const inner = map.inner === undefined ? '-' : this.#map(map.inner, caseBtf, 0);
    const ofStruct = map.type === 'struct_ops' && map.btf === undefined ? word(map.name ?? '-') : '-';
    const fields = [
      mapType(map.type).id,
      map.keySize,
      map.valueSize,
      map.type === 'perf_event_array' && map.maxEntries === 0 ? 1 : map.maxEntries,
      map.flags,
      map.mapExtra ?? 0,
      map.numaNode ?? 0,
      map.btf === undefined ? '-' : btf,
      map.btf?.key ?? 0,
      map.btf?.value ?? 0,
      inner,
      ofStruct,
      hex(map.data),
      map.frozen === true ? 1 : 0,
      BOUND.includes(map.type) ? 0 : 1,
      mapName(map.name),
    ].join(' ');
    const known = this.#maps.get(`${fields}#${twin}`);
    if (known !== undefined) return known;
    const index = this.#maps.size;
    this.#maps.set(`${fields}#${twin}`, index);
    this.#lines.push(`M ${fields}`);
    return index;
  }
}

function target(attach: AttachBtf | undefined): string {
  if (attach === undefined) return '-';
  const module = attach.module === undefined ? '' : `:${word(attach.module)}`;
  return `${BTF_KINDS[attach.kind]}:${word(attach.name)}${module}`;
}

/** As libbpf gives it to the kernel: the first fifteen letters (`BPF_OBJ_NAME_LEN`). */
function mapName(name: string | undefined): string {
  return (name ?? '').replace(/[^A-Za-z0-9_.]/g, '_').slice(0, 15) || '-';
}

/** Names come from files: what would part a command is in no kernel's name. */
function word(name: string): string {
  return name.replace(/[^A-Za-z0-9_.$-]/g, '?').slice(0, 200) || '?';
}

function hex(bytes: Uint8Array | undefined): string {
  return bytes === undefined || bytes.length === 0 ? '-' : toHex(bytes);
}
