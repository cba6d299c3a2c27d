/**
 * Values of the map `.kconfig` from the text of a kernel's configuration (`/boot/config-*`, `/proc/config.gz` unpacked),
 * as libbpf's `bpf_object__read_kconfig_file` and `set_kcfg_value_*` fill it.
 */
import type { Btf } from '../../btf/btf.ts';
import type { BpfObject, Extern } from '../../object.ts';
import { type ConfigKind, configKind, kconfigSize } from './externs.ts';

export interface KconfigOptions {
  /** `LINUX_KERNEL_VERSION`, such as 0x060100; without it a program that asks cannot be loaded. */
  readonly kernelVersion?: number;
  /** Other values that no configuration has: `LINUX_HAS_SYSCALL_WRAPPER`. */
  readonly values?: ReadonlyMap<string, bigint>;
}

export interface KconfigResult {
  /** The map's value. */
  readonly data: Uint8Array;
  /** Why the object cannot be loaded; one line each, empty when it can. */
  readonly problems: readonly string[];
}

/** Fills the values of `object.externs` in. */
export function resolveKconfig(
  object: Pick<BpfObject, 'externs' | 'btf' | 'endian'>,
  configText: string,
  options: KconfigOptions = {},
): KconfigResult {
  const externs = (object.externs ?? []).filter((one) => one.kind === 'kconfig');
  const problems: string[] = [];
  const data = new Uint8Array(kconfigSize(externs));
  const wanted = new Set(externs.map(({ name }) => name));
  const texts = configValues(configText, wanted);
  for (const one of externs) {
    const problem = fill(object, one, textOf(one.name, texts, options), data);
    if (problem !== undefined) problems.push(`${one.name}: ${problem}`);
  }
  return { data, problems };
}

/** The object with the contents of its `.kconfig`; unchanged when it asks for nothing. */
export function withKconfig(object: BpfObject, data: Uint8Array): BpfObject {
  if (data.length === 0) return object;
  return { ...object, data: new Map([...object.data, ['.kconfig', data]]) };
}

type ConfigExtern = Extract<Extern, { readonly kind: 'kconfig' }>;

function configValues(text: string, wanted: ReadonlySet<string>): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const equals = line.indexOf('=');
    const name = line.slice(0, Math.max(0, equals));
    if (wanted.has(name) && !values.has(name)) values.set(name, line.slice(equals + 1).trimEnd());
  }
  return values;
}

function textOf(
  name: string,
  texts: ReadonlyMap<string, string>,
  { kernelVersion, values }: KconfigOptions,
): string | undefined {
  if (name === 'LINUX_KERNEL_VERSION' && kernelVersion !== undefined) return String(kernelVersion);
  return values?.get(name)?.toString() ?? texts.get(name);
}

function fill(
  object: Pick<BpfObject, 'btf' | 'endian'>,
  one: ConfigExtern,
  text: string | undefined,
  data: Uint8Array,
): string | undefined {
  if (text === undefined) return one.weak ? undefined : 'the kernel has no such value';
  const kind = kindOf(object.btf, one);
  if (kind === undefined) return 'its type holds no configuration value';
  const value = data.subarray(one.offset, one.offset + one.size);
  if (text === 'y' || text === 'm' || text === 'n') {
    const number = switchValue(kind, text);
    if (number === undefined) return `is ${text}, which its type cannot hold`;
    return store(value, BigInt(number), object.endian);
  }
  if (text.startsWith('"')) return kind.kind === 'string' ? storeText(value, text) : `is the text ${text}`;
  return storeNumber(kind, value, text, object.endian);
}

function kindOf(btf: Btf | undefined, { type }: ConfigExtern): ConfigKind | undefined {
  return btf === undefined ? undefined : configKind(btf, type);
}

/** `enum libbpf_tristate`: no, yes, module. */
function switchValue(kind: ConfigKind, text: 'y' | 'm' | 'n'): number | undefined {
  switch (kind.kind) {
    case 'bool':
      return text === 'm' ? undefined : Number(text === 'y');
    case 'tristate':
      return 'nym'.indexOf(text);
    case 'char':
      return text.charCodeAt(0);
    case 'int':
    case 'string':
      return undefined;
    default:
      return kind satisfies never;
  }
}

function storeText(value: Uint8Array, text: string): string | undefined {
  if (text.length < 2 || !text.endsWith('"')) return `the text ${text} has no end`;
  const bytes = new TextEncoder().encode(text.slice(1, -1));
  value.set(bytes.subarray(0, value.length - 1));
  return undefined;
}

function storeNumber(
  kind: ConfigKind,
  value: Uint8Array,
  text: string,
  endian: BpfObject['endian'],
): string | undefined {
  const number = parseNumber(text);
  if (number === undefined) return `is '${text}', which is no number`;
  if (kind.kind !== 'int' && kind.kind !== 'char') return `is the number ${text}`;
  const bits = value.length * 8;
  const isSigned = kind.kind === 'int' && kind.signed;
  const kept = isSigned ? BigInt.asIntN(bits, number) : BigInt.asUintN(bits, number);
  if (bits < 64 && kept !== number) return `${text} does not fit ${value.length} bytes`;
  return store(value, number, endian);
}

/** As C's `strtoull` with base 0. */
function parseNumber(text: string): bigint | undefined {
  const [, sign, digits] = /^(-?)(0[xX][0-9a-fA-F]+|\d+)$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const isOctal = /^0[0-7]+$/.test(digits);
  const magnitude = BigInt(isOctal ? `0o${digits.slice(1)}` : digits);
  return sign === '-' ? -magnitude : magnitude;
}

function store(value: Uint8Array, number: bigint, endian: BpfObject['endian']): undefined {
  for (let index = 0; index < value.length; index++) {
    const place = endian === 'little' ? index : value.length - 1 - index;
    value[place] = Number((number >> BigInt(8 * index)) & 0xffn);
  }
  return undefined;
}
