/**
 * Sections of all files under one name: one behind the other, each at its alignment. `license` and `version` are not
 * joined: all files must say the same.
 */
import { SHF, SHT } from '../constants.ts';
import type { ElfSection } from '../section.ts';
import { LinkError } from './link-error.ts';
import type { LinkInput } from './link-input.ts';

export interface JoinedSection {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly alignment: number;
  readonly entrySize: number;
  readonly size: number;
  /** Undefined for `NOBITS`. */
  readonly data: Uint8Array | undefined;
}

export interface JoinedSections {
  readonly sections: readonly JoinedSection[];
  /** Where a section of an input went: index in `sections`, and bytes from its start. */
  place(input: LinkInput, section: number): SectionPlace | undefined;
}

export interface SectionPlace {
  readonly index: number;
  readonly offset: number;
}

interface Part {
  readonly input: LinkInput;
  readonly section: ElfSection;
  readonly offset: number;
  /** The greatest of the parts so far. */
  readonly alignment: number;
}

/** Sections that every file may have, once. */
const AGREED: ReadonlySet<string> = new Set(['license', 'version']);

/** @throws LinkError, FormatError */
export function joinSections(inputs: readonly LinkInput[]): JoinedSections {
  const groups = new Map<string, { readonly index: number; readonly parts: Part[] }>();
  const places = new Map<LinkInput, Map<number, SectionPlace>>();
  for (const input of inputs) {
    const own = new Map<number, SectionPlace>();
    places.set(input, own);
    for (const section of input.sections) {
      const group = groups.get(section.name) ?? { index: groups.size, parts: [] };
      groups.set(section.name, group);
      const offset = place(group.parts, input, section);
      if (offset !== undefined) own.set(section.index, { index: group.index, offset });
    }
  }
  return {
    sections: [...groups].map(([name, { parts }]) => joined(name, parts)),
    place: (input, section) => places.get(input)?.get(section),
  };
}

/** A page: no section of a BPF object asks for more. */
const MAX_ALIGNMENT = 4096;

/** Adds a part; its offset, or undefined when the part is the first one over again. */
function place(parts: Part[], input: LinkInput, section: ElfSection): number | undefined {
  const [first] = parts;
  const last = parts.at(-1);
  if (section.alignment > MAX_ALIGNMENT) {
    throw new LinkError(
      `${input.name}: section ${section.name} is to lie at multiples of ${section.alignment}`,
    );
  }
  if (first !== undefined) checkAlike(first, input, section);
  if (first !== undefined && AGREED.has(section.name)) {
    checkSame(first, input, section);
    return undefined;
  }
  const end = last === undefined ? 0 : last.offset + last.section.size;
  const alignment = Math.max(last?.alignment ?? 1, section.alignment);
  const offset = Math.ceil(end / alignment) * alignment;
  parts.push({ input, section, offset, alignment });
  return offset;
}

function checkAlike(first: Part, input: LinkInput, b: ElfSection): void {
  const a = first.section;
  if (a.type === b.type && (a.flags & ~SHF.MERGE) === (b.flags & ~SHF.MERGE)) return;
  throw new LinkError(`section ${a.name} is of another kind in ${input.name} than in ${first.input.name}`);
}

function checkSame(first: Part, input: LinkInput, section: ElfSection): void {
  const [a, b] = [first.input.elf.data(first.section), input.elf.data(section)];
  if (a.length === b.length && a.every((byte, index) => byte === b[index])) return;
  throw new LinkError(
    `section ${section.name} differs: ${said(a)} in ${first.input.name}, ${said(b)} in ${input.name}`,
  );
}

function said(bytes: Uint8Array): string {
  return JSON.stringify(new TextDecoder().decode(bytes.subarray(0, 64)).replace(/\0.*$/s, ''));
}

function joined(name: string, parts: readonly Part[]): JoinedSection {
  const { section: first } = parts[0]!;
  const last = parts.at(-1)!;
  const size = last.offset + last.section.size;
  let data: Uint8Array | undefined;
  if (first.type !== SHT.NOBITS) {
    // Their bytes come first: a size may be a lie.
    const contents = parts.map(({ input, section }) => input.elf.data(section));
    data = new Uint8Array(size);
    for (const [index, content] of contents.entries()) data.set(content, parts[index]!.offset);
  }
  return {
    name,
    type: first.type,
    // Joined texts are not deduplicated again.
    flags: parts.length > 1 ? first.flags & ~(SHF.MERGE | SHF.STRINGS) : first.flags,
    alignment: last.alignment,
    entrySize: parts.length > 1 ? 0 : first.entrySize,
    size,
    data,
  };
}
