/** A case out of program text; `map NAME` in it is a map of the case. */
import { assembleInstructions } from '../../../bpf/asm/index.ts';
import { encodeInstructions } from '../../../bpf/encode.ts';
import { resolveLabels } from '../../../bpf/labels.ts';
import type { ProgramTypeName } from '../../../bpf/programs.ts';
import type { AttachTypeName } from '../../../bpf/sections.ts';
import type { Case, CaseMap } from '../../../verifier/case/case.ts';

export interface TextCase {
  readonly id: string;
  readonly type: ProgramTypeName;
  readonly attach?: AttachTypeName | undefined;
  readonly attachBtf?: Case['attachBtf'];
  readonly flags?: number;
  readonly text: string;
  /** By the names the text uses: `r1 = map(NAME)`. */
  readonly maps?: Readonly<Record<string, CaseMap>>;
}

export function caseOf(one: TextCase): Case {
  const { instructions, diagnostics } = assembleInstructions(one.text);
  if (diagnostics.length > 0) throw new Error(`${one.id}: ${diagnostics[0]!.message}\n${one.text}`);
  const { bytes, holes } = encodeInstructions(resolveLabels(instructions).instructions);
  const maps: CaseMap[] = [];
  const indexes = new Map<string, number>();
  const mapUses: Case['mapUses'][number][] = [];
  const kfuncs: Case['kfuncs'][number][] = [];
  for (const { slot, ref } of holes) {
    if (ref.kind === 'kfunc' || ref.kind === 'function') {
      kfuncs.push({ slot, name: ref.name });
      bytes[slot * 8 + 1] = 2 << 4;
    }
    if (ref.kind !== 'map' && ref.kind !== 'map-value') continue;
    let index = indexes.get(ref.name);
    if (index === undefined) {
      index = maps.push(one.maps![ref.name]!) - 1;
      indexes.set(ref.name, index);
    }
    bytes[slot * 8 + 1] = (bytes[slot * 8 + 1]! & 15) | ((ref.kind === 'map' ? 1 : 2) << 4);
    mapUses.push({ slot, map: index });
  }
  return {
    id: one.id,
    programType: one.type,
    ...(one.attach === undefined ? {} : { attachType: one.attach }),
    ...(one.attachBtf === undefined ? {} : { attachBtf: one.attachBtf }),
    flags: one.flags ?? 0,
    license: 'GPL',
    insns: bytes,
    maps,
    mapUses,
    kfuncs,
    ksyms: [],
    runs: [],
  };
}
