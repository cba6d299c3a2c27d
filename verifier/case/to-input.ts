/** A case → what `verify` takes: its types decoded, its names as slots. */
import type { Btf } from '../../bpf/btf/btf.ts';
import { readBtf } from '../../bpf/btf/read.ts';
import { FormatError } from '../../bpf/format-error.ts';
import type { VerifierInput } from '../input.ts';
import type { VerifierMap } from '../map.ts';
import { type Case, type CaseMap, type KsymUse, ProgramFlags } from './case.ts';
import { CaseError } from './json.ts';

/** Bytes of a record of `struct bpf_func_info` and of `struct bpf_line_info`. */
const FUNCTION_RECORD = 8;
const LINE_RECORD = 16;

/** Stands for the address of a symbol without a type: to the verifier any number is one. */
const ANY_ADDRESS = [0x8100_0000, 0xffff_ffff] as const;

/** @throws CaseError for types that cannot be read */
export function caseInput(one: Case): VerifierInput {
  const btf = one.btf === undefined ? undefined : readTypes(one.btf, 'btf');
  return {
    name: one.id,
    type: one.programType,
    ...(one.attachType === undefined ? {} : { attachType: one.attachType }),
    ...(one.attachBtf === undefined ? {} : { attachTo: one.attachBtf }),
    sleepable: (one.flags & ProgramFlags.SLEEPABLE) !== 0,
    flags: one.flags & ~ProgramFlags.SLEEPABLE,
    license: one.license,
    bytes: withUses(one),
    maps: one.maps.map((map, index) => verifierMap(map, { bytes: one.btf, btf }, `maps[${index}]`)),
    mapSlots: new Map(one.mapUses.map(({ slot, map }) => [slot, map])),
    kfuncSlots: new Map(one.kfuncs.map(({ slot, name }) => [slot, name])),
    ksymSlots: new Map(
      one.ksyms.filter(({ kind }) => kind === 'btf').map(({ slot, name }) => [slot, { name }]),
    ),
    ...(btf === undefined ? {} : { btf }),
    ...(one.functionInfo === undefined ? {} : { functions: readFunctions(one.functionInfo) }),
    ...(one.lineInfo === undefined || btf === undefined ? {} : { lines: readLines(one.lineInfo, btf) }),
  };
}

function readTypes(bytes: Uint8Array, path: string): Btf {
  try {
    return readBtf(bytes);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new CaseError(path, error.message);
  }
}

/** The case's own types. */
interface CaseTypes {
  readonly bytes: Uint8Array | undefined;
  readonly btf: Btf | undefined;
}

/** A map with the very types of the program shares them: an object in its lists is one that the program makes. */
function mapTypes({ types }: CaseMap, own: CaseTypes, path: string): Btf | undefined {
  if (types === undefined || isSame(types, own.bytes)) return own.btf;
  return readTypes(types, `${path}.btf`);
}

function isSame(a: Uint8Array, b: Uint8Array | undefined): boolean {
  if (a === b) return true;
  return b !== undefined && a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function verifierMap(map: CaseMap, own: CaseTypes, path: string): VerifierMap {
  const types = mapTypes(map, own, path);
  const { inner, types: _, ...spec } = map;
  if (types !== undefined && map.btf !== undefined && Math.max(map.btf.key, map.btf.value) >= types.end) {
    throw new CaseError(path, `its types end before ${Math.max(map.btf.key, map.btf.value)}`);
  }
  return {
    ...spec,
    // As the kernel keeps it (`BPF_OBJ_NAME_LEN`).
    name: (map.name ?? '').slice(0, 15),
    ...(map.btf === undefined || types === undefined ? {} : { types }),
    ...(inner === undefined ? {} : { innerMap: verifierMap(inner, own, `${path}.inner`) }),
  };
}

/** Map loads that say nothing else are of the map; symbols without a type are numbers. */
function withUses(one: Case): Uint8Array {
  const bytes = one.insns.slice();
  for (const { slot } of one.mapUses)
    setSource(bytes, slot, sourceAt(bytes, slot) === 0 ? 1 : sourceAt(bytes, slot));
  for (const use of one.ksyms) fillSymbol(bytes, use);
  return bytes;
}

function fillSymbol(bytes: Uint8Array, { slot, kind }: KsymUse): void {
  setSource(bytes, slot, kind === 'btf' ? 3 : 0);
  if (kind === 'btf' || (slot + 2) * 8 > bytes.length) return;
  const view = new DataView(bytes.buffer);
  view.setUint32(slot * 8 + 4, ANY_ADDRESS[0], true);
  view.setUint32(slot * 8 + 12, ANY_ADDRESS[1], true);
}

function sourceAt(bytes: Uint8Array, slot: number): number {
  return bytes[slot * 8 + 1]! >> 4;
}

function setSource(bytes: Uint8Array, slot: number, source: number): void {
  bytes[slot * 8 + 1] = (bytes[slot * 8 + 1]! & 15) | (source << 4);
}

function readFunctions(bytes: Uint8Array): NonNullable<VerifierInput['functions']> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / FUNCTION_RECORD) }, (_, index) => ({
    slot: view.getUint32(index * FUNCTION_RECORD, true),
    type: view.getUint32(index * FUNCTION_RECORD + 4, true),
  }));
}

function readLines(bytes: Uint8Array, btf: Btf): NonNullable<VerifierInput['lines']> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / LINE_RECORD) }, (_, index) => {
    const at = index * LINE_RECORD;
    const place = view.getUint32(at + 12, true);
    const file = textAt(btf, view.getUint32(at + 4, true));
    const text = textAt(btf, view.getUint32(at + 8, true));
    return {
      slot: view.getUint32(at, true),
      file: file ?? '',
      text: text ?? '',
      line: place >>> 10,
      column: place & 0x3ff,
      ...(file === undefined || text === undefined ? { malformed: true } : {}),
    };
  });
}

/** Undefined beyond the strings. */
function textAt(btf: Btf, offset: number): string | undefined {
  try {
    return btf.string(offset);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return undefined;
  }
}
