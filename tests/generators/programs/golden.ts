/**
 * Generated programs as golden cases a person can read: one instruction a line, hexadecimal digits first; what they name
 * stands in the options, by slot.
 */

import { decodeInstructions } from '../../../bpf/decode.ts';
import { formatInstruction } from '../../../bpf/disasm/index.ts';
import type { ProgramTypeName } from '../../../bpf/programs.ts';
import type { AttachTypeName } from '../../../bpf/sections.ts';
import type { AttachBtf, Case, CaseMap } from '../../../verifier/case/case.ts';
import { type GoldenCase, printCases } from '../../golden.ts';
import { caseMaps, type MapName } from './maps.ts';
import { programTypes } from './types.ts';

const types = programTypes();
const maps = caseMaps(types);

/** Each map's name by all that tells it from the others. */
const NAMES: ReadonlyMap<string, MapName> = new Map(
  Object.entries(maps).map(([name, map]) => [shape(map), name as MapName]),
);

function shape({ type, keySize, valueSize, flags, btf, data }: CaseMap): string {
  return [type, keySize, valueSize, flags, btf?.value, data?.toHex()].join(' ');
}

interface Options {
  readonly type: ProgramTypeName;
  readonly attach?: AttachTypeName;
  readonly target?: AttachBtf;
  readonly flags?: number;
  readonly license?: string;
  /** Map, kernel function, symbol, type of a function, by slot. */
  readonly maps?: Readonly<Record<string, MapName>>;
  readonly kfuncs?: Readonly<Record<string, string>>;
  readonly ksyms?: Readonly<Record<string, string>>;
  readonly functions?: Readonly<Record<string, number>>;
}

/** What an answer of a kernel or of ours looks like as expected text. */
export function expectedText(answer: {
  readonly ok: boolean | null;
  readonly insn?: number;
  readonly messages: readonly string[];
}): string {
  if (answer.ok === true) return 'accepted';
  return `${answer.insn === undefined ? '' : `${answer.insn}: `}${answer.messages.join('\n')}`;
}

export function goldenCase(
  one: Case,
  answer: Parameters<typeof expectedText>[0],
  name: string = one.id,
): string {
  return printCases([
    {
      name,
      options: { ...optionsOf(one) },
      input: listing(one.insns),
      expected: expectedText(answer),
      line: 0,
    },
  ]);
}

function optionsOf(one: Case): Options {
  const bySlot = <T extends { readonly slot: number }, V>(
    uses: readonly T[],
    value: (use: T) => V,
  ): Record<string, V> | undefined =>
    uses.length === 0 ? undefined : Object.fromEntries(uses.map((use) => [use.slot, value(use)]));
  const mapUses = bySlot(one.mapUses, ({ map }) => NAMES.get(shape(one.maps[map]!))!);
  const kfuncs = bySlot(one.kfuncs, ({ name }) => name);
  const ksyms = bySlot(one.ksyms, ({ name }) => name);
  const words = new Uint32Array((one.functionInfo ?? new Uint8Array()).slice().buffer);
  const functions = Object.fromEntries(
    Array.from({ length: words.length / 2 }, (_, i) => [words[i * 2], words[i * 2 + 1]]),
  ) as Record<string, number>;
  return {
    type: one.programType,
    ...(one.attachType !== undefined && { attach: one.attachType }),
    ...(one.attachBtf !== undefined && { target: one.attachBtf }),
    ...(one.flags !== 0 && { flags: one.flags }),
    ...(one.license !== 'GPL' && { license: one.license }),
    ...(mapUses !== undefined && { maps: mapUses }),
    ...(kfuncs !== undefined && { kfuncs }),
    ...(ksyms !== undefined && { ksyms }),
    ...(words.length > 2 && { functions }),
  };
}

function listing(insns: Uint8Array): string {
  const { instructions, slots } = decodeInstructions(insns);
  const texts = new Map(instructions.map((one, i) => [slots[i]!, formatInstruction(one)]));
  return Array.from({ length: insns.length / 8 }, (_, i) =>
    `${insns.subarray(i * 8, i * 8 + 8).toHex()} ${texts.get(i) ?? ''}`.trimEnd(),
  ).join('\n');
}

/** The case of a golden text. */
export function caseOfGolden({ name, options, input }: GoldenCase): Case {
  const wanted = options as unknown as Options;
  const lines = input.split('\n').flatMap((line) => /^[0-9a-f]{16}/.exec(line)?.[0] ?? []);
  const names = [...new Set(Object.values(wanted.maps ?? {}))];
  const uses = (table: Readonly<Record<string, string>> | undefined): { slot: number; name: string }[] =>
    Object.entries(table ?? {}).map(([slot, use]) => ({ slot: Number(slot), name: use }));
  const functions = wanted.functions ?? { 0: types.main };
  const info = Object.entries(functions).flatMap(([slot, type]) => [Number(slot), type]);
  return {
    id: name,
    programType: wanted.type,
    ...(wanted.attach !== undefined && { attachType: wanted.attach }),
    ...(wanted.target !== undefined && { attachBtf: wanted.target }),
    flags: wanted.flags ?? 0,
    license: wanted.license ?? 'GPL',
    insns: Uint8Array.fromHex(lines.join('')),
    maps: names.map((map) => maps[map]),
    mapUses: Object.entries(wanted.maps ?? {}).map(([slot, map]) => ({
      slot: Number(slot),
      map: names.indexOf(map),
    })),
    kfuncs: uses(wanted.kfuncs),
    ksyms: uses(wanted.ksyms).map((use) => ({ ...use, kind: 'btf' as const })),
    btf: types.bytes,
    functionInfo: new Uint8Array(Uint32Array.from(info).buffer),
    runs: [],
  };
}
