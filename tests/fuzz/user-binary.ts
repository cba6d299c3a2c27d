/** What mutated user binaries are read for: symbols, probes, and types of functions through debugging information. */
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { memorySource } from '../../bpf/byte-source.ts';
import type { Dwarf, DwarfType, DwarfTypeId } from '../../bpf/dwarf/index.ts';
import { describeBinary, openBinary } from '../../bpf/elf/user/index.ts';
import type { BytesTarget } from './bytes.ts';

const SAMPLES = ['sample-gcc-v5.so', 'sample-clang-v4.so', 'sample-cc-v5.so', 'sample-cc-types-gz.so'];
const NAMES = ['hidden', 'walk', 'move', 'twice', 'loop', 'price', 'total', '_ZNK4shop4Item5priceEb', 'none'];
const MAX_TYPES = 500;

export function userBinaryTarget(): BytesTarget {
  const files = SAMPLES.map(
    (name) => new Uint8Array(readFileSync(new URL(`../data/user/${name}`, import.meta.url))),
  );
  return { files, read: readBinary };
}

function readBinary(bytes: Uint8Array): 'whole' | 'partial' {
  const binary = openBinary(memorySource(bytes), {
    decompress: (_, input, size) =>
      new Uint8Array(inflateSync(input, { maxOutputLength: Math.max(1, size) })),
  });
  for (const one of binary.functions.matching('*o*')) binary.functions.at(one.address);
  let sawUnknown = false;
  for (const name of NAMES) {
    for (const signature of binary.dwarf?.functions(name) ?? []) {
      const types = [signature.returns, ...signature.parameters.map((one) => one.type)];
      if (binary.dwarf !== undefined) sawUnknown = readTypes(binary.dwarf, types) || sawUnknown;
    }
  }
  const splitFiles = binary.dwarf?.splitFiles ?? [];
  const { warnings } = describeBinary(binary);
  return warnings.length > 0 || splitFiles.length > 0 || sawUnknown ? 'partial' : 'whole';
}

/** Reads all that types refer to; true when one could not be read. */
function readTypes(dwarf: Dwarf, start: readonly DwarfTypeId[]): boolean {
  const ids = new Set(start);
  let sawUnknown = false;
  for (const id of ids) {
    const type = dwarf.type(id);
    dwarf.text(id, 'name');
    sawUnknown ||= type.kind === 'unknown';
    if (ids.size < MAX_TYPES) for (const next of referred(type)) ids.add(next);
  }
  return sawUnknown;
}

function referred(type: DwarfType): readonly DwarfTypeId[] {
  if ('type' in type) return [type.type];
  if ('members' in type) return type.members.map((member) => member.type);
  if (type.kind === 'array') return [type.element];
  return type.kind === 'function' ? [type.returns, ...type.parameters.map((one) => one.type)] : [];
}
