/** Cases → `bpfcase-1`. Bytes that several cases share, such as BTF, are written once. */
import { type Case, type CaseMap, ProgramFlags } from './case.ts';

/** Blobs below this many bytes are written where they stand. */
const SMALL = 64;

/** One case a line. */
export function writeCases(cases: Iterable<Case>): string {
  const blobs = new Blobs();
  const lines = [...cases].map((one) => JSON.stringify(caseToJson(one, blobs)));
  return `{"format":"bpfcase-1","blobs":${blobs.text()},"cases":[\n${lines.join(',\n')}\n]}\n`;
}

class Blobs {
  readonly #names = new Map<string, string>();

  /** Hexadecimal digits, or the name of a blob that has them. */
  field(bytes: Uint8Array): string {
    const hex = bytes.toHex();
    if (bytes.length < SMALL) return hex;
    const known = this.#names.get(hex);
    if (known !== undefined) return known;
    // No blob's name is hexadecimal digits.
    const name = `blob${this.#names.size}`;
    this.#names.set(hex, name);
    return name;
  }

  text(): string {
    return JSON.stringify(Object.fromEntries([...this.#names].map(([hex, name]) => [name, hex])), null, 0);
  }
}

function caseToJson(one: Case, blobs: Blobs): object {
  return {
    id: one.id,
    prog_type: one.programType,
    attach_type: one.attachType,
    attach_btf: one.attachBtf,
    flags: one.flags === 0 ? undefined : flagNames(one.flags),
    license: one.license === 'GPL' ? undefined : one.license,
    insns: one.insns.toHex(),
    maps: listed(one.maps.map((map) => mapToJson(map, blobs))),
    relocs: listed(one.mapUses.map(({ slot, map }) => ({ i: slot, map }))),
    kfuncs: listed(one.kfuncs.map(({ slot, ...rest }) => ({ i: slot, ...rest }))),
    ksyms: listed(one.ksyms.map(({ slot, ...rest }) => ({ i: slot, ...rest }))),
    btf: one.btf && blobs.field(one.btf),
    func_info: one.functionInfo && blobs.field(one.functionInfo),
    line_info: one.lineInfo && blobs.field(one.lineInfo),
    runs: listed(one.runs.map(({ data, retval }) => ({ data: data.toHex(), retval }))),
    kernel: one.kernel,
    cpus: one.cpus,
  };
}

function mapToJson(map: CaseMap, blobs: Blobs): object {
  return {
    type: map.type,
    key_size: map.keySize,
    value_size: map.valueSize,
    max_entries: map.maxEntries,
    map_flags: map.flags === 0 ? undefined : map.flags,
    map_extra: map.mapExtra?.toString(),
    btf_key_type_id: map.btf?.key,
    btf_value_type_id: map.btf?.value,
    btf: map.types && blobs.field(map.types),
    numa_node: map.numaNode,
    name: map.name,
    data: map.data?.toHex(),
    frozen: map.frozen,
    inner: map.inner && mapToJson(map.inner, blobs),
  };
}

/** Names where all bits have one, else the number. */
function flagNames(flags: number): readonly string[] | number {
  const named = Object.entries(ProgramFlags).filter(([, bit]) => (flags & bit) !== 0);
  const all = named.reduce((sum, [, bit]) => sum | bit, 0);
  return all === flags ? named.map(([name]) => name.toLowerCase()) : flags;
}

function listed<Item>(items: readonly Item[]): readonly Item[] | undefined {
  return items.length === 0 ? undefined : items;
}
