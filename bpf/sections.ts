/**
 * ELF section names as libbpf reads them: `kprobe/do_unlinkat`, `xdp.frags/devmap`, `lsm.s/file_open`. The name tells a
 * program's type, its attach type and what it attaches to.
 */
import type { BpfProgram } from './object.ts';
import type { ProgramTypeName } from './programs.ts';
import { ATTACH_TYPE_NAMES, SECTION_RULES } from './tables/sections.ts';

export { SECTION_RULES };

/** Name of `enum bpf_attach_type` without `BPF_`, in small letters. */
export type AttachTypeName = (typeof ATTACH_TYPE_NAMES)[number];

export interface SectionRule {
  readonly prefix: string;
  /** A target may follow after `/`. */
  readonly target: boolean;
  readonly type: ProgramTypeName;
  /** Expected attach type; null when the kernel wants none. */
  readonly attachType: AttachTypeName | null;
  /** The program is loaded as sleepable. */
  readonly sleepable: boolean;
}

export interface Section {
  readonly rule: SectionRule;
  /** What follows the prefix's `/`: a function, `system/event`, ...; empty when nothing does. */
  readonly target: string;
}

/** Reads a section name; undefined when no program lives in a section so named. A leading `?` (not loaded by default) is skipped. */
export function parseSection(name: string): Section | undefined {
  const text = name.startsWith('?') ? name.slice(1) : name;
  let best: Section | undefined;
  for (const rule of SECTION_RULES) {
    const target = match(rule, text);
    if (target === undefined) continue;
    if (best === undefined || rule.prefix.length > best.rule.prefix.length) best = { rule, target };
  }
  return best;
}

/** Why no kernel loads a program of no type; undefined when it has one. */
export function missingType({ type, section }: Pick<BpfProgram, 'type' | 'section'>): string | undefined {
  return type === 'unspec' ? `the section name '${section}' tells no program type` : undefined;
}

/** Number of an attach type in `enum bpf_attach_type`. */
export function attachTypeId(name: AttachTypeName): number {
  return ATTACH_TYPE_NAMES.indexOf(name);
}

/** Attach type of a number; undefined when Linux 6.18 has none. */
export function attachTypeById(id: number): AttachTypeName | undefined {
  return ATTACH_TYPE_NAMES[id];
}

/** Attach type of a name from outside, with or without `BPF_`, in any case. */
export function attachTypeByName(name: string): AttachTypeName | undefined {
  const plain = name.replace(/^BPF_/i, '').toLowerCase();
  return ATTACH_TYPE_NAMES.find((one) => one === plain);
}

/** Section name for a program of this type: the first rule of the table that fits, with the target after `/`. */
export function sectionFor(type: ProgramTypeName, target: string, attachType?: AttachTypeName): string {
  const rule = SECTION_RULES.find(
    (one) =>
      one.type === type && !one.sleepable && (attachType === undefined || one.attachType === attachType),
  );
  const prefix = rule?.prefix ?? type;
  return target === '' ? prefix : `${prefix}/${target}`;
}

function match(rule: SectionRule, text: string): string | undefined {
  if (text === rule.prefix) return '';
  if (rule.target && text.startsWith(`${rule.prefix}/`)) return text.slice(rule.prefix.length + 1);
  return undefined;
}
