/**
 * `bpfcase-1` → cases. The file is hostile: what is wrong with it as a whole is thrown as a {@link CaseError}, what is
 * wrong with one case is an entry of its own, so that the others are judged.
 *
 *     { "format": "bpfcase-1", "blobs": { "types": "9feb01…" }, "cases": [
 *       { "id": "one", "prog_type": "socket_filter", "insns": "b700000000000000 9500000000000000" } ] }
 */
import { findProgramType, programTypeById } from '../../bpf/programs.ts';
import { type AttachTypeName, attachTypeById, attachTypeByName } from '../../bpf/sections.ts';
import { ByteFields, type Inflate } from './bytes.ts';
import {
  type AttachBtf,
  type Case,
  type CaseRun,
  type KfuncUse,
  type KsymUse,
  ProgramFlags,
} from './case.ts';
import {
  CaseError,
  describe,
  type JsonObject,
  listOf,
  numberOf,
  objectOf,
  optionalText,
  textOf,
} from './json.ts';
import { readMaps, readUses } from './read-map.ts';

export type CaseEntry =
  | { readonly kind: 'case'; readonly case: Case }
  /** `id` is the case's where it has one. */
  | { readonly kind: 'problem'; readonly id: string; readonly path: string; readonly problem: string };

export interface ReadCaseOptions {
  /** For `insns_z` and compressed blobs; without it such a case is a problem. */
  readonly inflate?: Inflate;
}

/** In the order of the file. Throws {@link CaseError} for what is no file of cases. */
export function readCases(text: string, options: ReadCaseOptions = {}): readonly CaseEntry[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CaseError('', `it is not JSON: ${(error as Error).message}`);
  }
  const file = objectOf(value, '');
  if (file.format !== 'bpfcase-1') {
    throw new CaseError('format', `want "bpfcase-1", found ${describe(file.format)}`);
  }
  const bytes = new ByteFields(file.blobs, options.inflate);
  return listOf(file.cases, 'cases').map((one, index) => readEntry(one, `cases[${index}]`, bytes));
}

function readEntry(value: unknown, path: string, bytes: ByteFields): CaseEntry {
  const found = typeof value === 'object' && value !== null ? (value as JsonObject).id : undefined;
  const id = typeof found === 'string' ? found : path;
  try {
    return { kind: 'case', case: readCase(objectOf(value, path), id, path, bytes) };
  } catch (error) {
    if (!(error instanceof CaseError)) throw error;
    return { kind: 'problem', id, path: error.path, problem: error.problem };
  }
}

function readCase(one: JsonObject, id: string, path: string, bytes: ByteFields): Case {
  const insns = readInstructions(one, path, bytes);
  const maps = readMaps(one.maps, `${path}.maps`, bytes);
  const attachType = readAttachType(one.attach_type, `${path}.attach_type`);
  const attachBtf = readAttachBtf(one.attach_btf, `${path}.attach_btf`);
  const btf = bytes.optional(one.btf, `${path}.btf`);
  const functionInfo = bytes.optional(one.func_info, `${path}.func_info`);
  const lineInfo = bytes.optional(one.line_info, `${path}.line_info`);
  const kernel = optionalText(one.kernel, `${path}.kernel`);
  return {
    id,
    programType: readProgramType(one.prog_type, `${path}.prog_type`),
    ...(attachType === undefined ? {} : { attachType }),
    ...(attachBtf === undefined ? {} : { attachBtf }),
    flags: readFlags(one.flags, `${path}.flags`),
    license: optionalText(one.license, `${path}.license`) ?? 'GPL',
    insns,
    maps,
    mapUses: readUses(one.relocs, `${path}.relocs`, maps, insns),
    kfuncs: listOf(one.kfuncs, `${path}.kfuncs`).map((use, index) =>
      readKfunc(use, `${path}.kfuncs[${index}]`, insns),
    ),
    ksyms: listOf(one.ksyms, `${path}.ksyms`).map((use, index) =>
      readKsym(use, `${path}.ksyms[${index}]`, insns),
    ),
    ...(btf === undefined ? {} : { btf }),
    ...(functionInfo === undefined ? {} : { functionInfo }),
    ...(lineInfo === undefined ? {} : { lineInfo }),
    runs: listOf(one.runs, `${path}.runs`).map((run, index) => readRun(run, `${path}.runs[${index}]`, bytes)),
    ...(kernel === undefined ? {} : { kernel }),
    ...(one.cpus === undefined ? {} : { cpus: numberOf(one.cpus, `${path}.cpus`, 8192) }),
  };
}

function readInstructions(one: JsonObject, path: string, bytes: ByteFields): Uint8Array {
  const packed = one.insns === undefined && one.insns_z !== undefined;
  const at = packed ? `${path}.insns_z` : `${path}.insns`;
  const insns = packed ? bytes.compressed(one.insns_z, at) : bytes.optional(one.insns, at);
  if (insns === undefined) throw new CaseError(at, 'want hexadecimal digits, found nothing');
  if (insns.length % 8 !== 0) {
    throw new CaseError(at, `${insns.length} bytes are no whole number of instructions (8 bytes each)`);
  }
  return insns;
}

/** A name with or without `BPF_PROG_TYPE_`, or the number. */
function readProgramType(value: unknown, path: string): Case['programType'] {
  const row = typeof value === 'number' ? programTypeById(value) : findProgramType(textOf(value, path));
  if (row === undefined) throw new CaseError(path, `there is no program type ${describe(value)}`);
  return row.name;
}

/** What people call them by the sections of libbpf. */
const ATTACH_ALIASES: Readonly<Record<string, AttachTypeName>> = {
  tp_btf: 'trace_raw_tp',
  fentry: 'trace_fentry',
  fexit: 'trace_fexit',
  fmod_ret: 'modify_return',
  iter: 'trace_iter',
  lsm: 'lsm_mac',
};

/** A name with or without `BPF_`, or the number. */
function readAttachType(value: unknown, path: string): AttachTypeName | undefined {
  if (value === undefined || value === null) return undefined;
  const name = typeof value === 'number' ? attachTypeById(value) : attachTypeNamed(textOf(value, path));
  if (name === undefined) throw new CaseError(path, `there is no attach type ${describe(value)}`);
  return name;
}

function attachTypeNamed(text: string): AttachTypeName | undefined {
  return Object.hasOwn(ATTACH_ALIASES, text) ? ATTACH_ALIASES[text] : attachTypeByName(text);
}

const ATTACH_KINDS: readonly AttachBtf['kind'][] = ['func', 'typedef', 'struct'];

function readAttachBtf(value: unknown, path: string): AttachBtf | undefined {
  if (value === undefined || value === null) return undefined;
  const target = objectOf(value, path);
  const kindText = optionalText(target.kind, `${path}.kind`) ?? 'func';
  const kind = ATTACH_KINDS.find((one) => one === kindText.toLowerCase());
  if (kind === undefined) {
    throw new CaseError(`${path}.kind`, `want ${ATTACH_KINDS.join(', ')}, found ${describe(kindText)}`);
  }
  const module = optionalText(target.module, `${path}.module`);
  return { name: textOf(target.name, `${path}.name`), kind, ...(module === undefined ? {} : { module }) };
}

const FLAG_NAMES: ReadonlyMap<string, number> = new Map([
  ...Object.entries(ProgramFlags).map(([name, bit]) => [name.toLowerCase(), bit] as const),
  ['xdp_frags', ProgramFlags.XDP_HAS_FRAGS],
]);

/** A number, names in an array, or names in one text. */
function readFlags(value: unknown, path: string): number {
  if (value === undefined || value === null) return 0;
  if (typeof value === 'number') return numberOf(value, path);
  const names = typeof value === 'string' ? value.split(/[\s,|]+/).filter((one) => one !== '') : value;
  return listOf(names, path).reduce<number>((flags, one, index) => {
    const name = textOf(one, `${path}[${index}]`);
    const bit = FLAG_NAMES.get(name.toLowerCase().replace(/^bpf_f_/, ''));
    if (bit === undefined) throw new CaseError(`${path}[${index}]`, `there is no flag ${describe(name)}`);
    return (flags | bit) >>> 0;
  }, 0);
}

function readKfunc(value: unknown, path: string, insns: Uint8Array): KfuncUse {
  const use = objectOf(value, path);
  const module = optionalText(use.module, `${path}.module`);
  return {
    slot: numberOf(use.i, `${path}.i`, insns.length / 8 - 1),
    name: textOf(use.name, `${path}.name`),
    ...(module === undefined ? {} : { module }),
  };
}

/** Kinds others may write for a symbol without a type. */
const ADDRESS_KINDS = ['address', 'typeless', 'void', 'kallsyms'];

function readKsym(value: unknown, path: string, insns: Uint8Array): KsymUse {
  const use = objectOf(value, path);
  const kind = optionalText(use.kind, `${path}.kind`) ?? 'btf';
  return {
    slot: numberOf(use.i, `${path}.i`, insns.length / 8 - 1),
    name: textOf(use.name, `${path}.name`),
    kind: ADDRESS_KINDS.includes(kind) ? 'address' : 'btf',
  };
}

function readRun(value: unknown, path: string, bytes: ByteFields): CaseRun {
  const run = objectOf(value, path);
  return {
    data: bytes.optional(run.data, `${path}.data`) ?? new Uint8Array(0),
    retval: numberOf(run.retval, `${path}.retval`),
  };
}
