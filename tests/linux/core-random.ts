/** C that asks for fields, types and enumerators drawn from a kernel's types, in every way there is. */
import type { Btf } from '../../bpf/btf/btf.ts';
import { resolveType } from '../../bpf/btf/layout.ts';
import type { BtfComposite, BtfType } from '../../bpf/btf/type.ts';
import { seededRandom } from '../fuzz/bytes.ts';

const PER_FUNCTION = 50;

/** A program over `vmlinux.h` of the same types; the same seed is the same text. */
export function randomSource(btf: Btf, count: number, seed: number): string {
  const random = seededRandom(seed);
  const ids = Array.from({ length: btf.end - 1 }, (_, index) => index + 1).filter((id) => isAlone(btf, id));
  const enumerators = countEnumerators(btf);
  const lines: string[] = [];
  while (lines.length < count) {
    const id = ids[random() % ids.length]!;
    const type = btf.type(id);
    if (type.kind === 'enum') {
      const value = type.values[random() % type.values.length];
      // Past 31 bits libbpf refuses them.
      if (value === undefined || value.value > 0x7fff_ffffn || enumerators.get(value.name) !== 1) continue;
      lines.push(`ENUM(enum ${type.name}, ${value.name});`);
    } else if (type.kind === 'struct' || type.kind === 'union') {
      lines.push(...fieldLines(btf, type, random));
    }
  }
  const functions: string[] = [];
  for (let at = 0; at < lines.length; at += PER_FUNCTION) {
    const body = lines.slice(at, at + PER_FUNCTION).join('\n  ');
    functions.push(
      `SEC("raw_tp/random") int random${at}(__u64 *ctx) {\n  __u64 sink = 0;\n  ${body}\n  return sink;\n}`,
    );
  }
  return `${HEAD}\n${functions.join('\n\n')}\n`;
}

const HEAD = `#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#define USE(value) sink += (__u64)(value)
#define FIELD(type, path, kind) USE(__builtin_preserve_field_info(((type *)ctx[0])->path, BPF_FIELD_##kind))
#define TYPE(type) USE(bpf_core_type_size(type)); USE(bpf_core_type_exists(type))
#define ENUM(type, name) USE(bpf_core_enum_value(type, name)); USE(bpf_core_enum_value_exists(type, name))
char _license[] SEC("license") = "GPL";
`;

/** `vmlinux.h` renames those of a name that was there before. */
function countEnumerators(btf: Btf): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (let id = 1; id < btf.end; id++) {
    const type = btf.type(id);
    if (type.kind !== 'enum' && type.kind !== 'enum64') continue;
    for (const { name } of type.values) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** One of its name, so that `vmlinux.h` calls it by that. */
function isAlone(btf: Btf, id: number): boolean {
  const kind = btf.kindOf(id);
  if (kind !== 'struct' && kind !== 'union' && kind !== 'enum') return false;
  const name = btf.nameOf(id);
  return name !== '' && !name.includes('___') && btf.findAll(name).length === 1;
}

interface Path {
  readonly text: string;
  /** Without typedefs and modifiers. */
  readonly type: BtfType;
}

function fieldLines(btf: Btf, type: BtfComposite, random: () => number): readonly string[] {
  const name = `${type.kind} ${type.name}`;
  const path = pathOf(btf, type, random, 0);
  if (path === undefined) return [`TYPE(${name});`];
  return aspectsOf(path)
    .filter(() => random() % 3 > 0)
    .map((aspect) => `FIELD(${name}, ${path.text}, ${aspect});`);
}

/** Elements have neither sign nor shifts; of members clang wants them only where they mean something. */
function aspectsOf({ text, type }: Path): readonly string[] {
  const all = ['EXISTS', 'BYTE_SIZE', 'BYTE_OFFSET'];
  if (text.endsWith(']')) return all;
  if (type.kind === 'ptr') return [...all, 'LSHIFT_U64', 'RSHIFT_U64'];
  const isNumber = (type.kind === 'int' || type.kind === 'enum') && type.size <= 8;
  return isNumber ? [...all, 'SIGNED', 'LSHIFT_U64', 'RSHIFT_U64'] : all;
}

/** A member, or one in it. */
function pathOf(btf: Btf, holder: BtfComposite, random: () => number, depth: number): Path | undefined {
  const member = holder.members[random() % Math.max(1, holder.members.length)];
  if (member === undefined) return undefined;
  const type = resolveType(btf, member.type);
  if (type.kind === 'struct' || type.kind === 'union') {
    const inner = depth > 4 ? undefined : pathOf(btf, type, random, depth + 1);
    if (member.name === '') return inner;
    if (inner === undefined || random() % 2 === 0) return { text: member.name, type };
    return { text: `${member.name}.${inner.text}`, type: inner.type };
  }
  if (member.name === '') return undefined;
  if (type.kind === 'array' && type.count > 1 && random() % 2 === 0) {
    const element = resolveType(btf, type.element);
    if (element.kind !== 'array') return { text: `${member.name}[${random() % type.count}]`, type: element };
  }
  return { text: member.name, type };
}
