/**
 * Values as `bpf_snprintf_btf` prints them (kernel/bpf/btf.c `btf_type_show`), by their types, with the kernel's ways: what
 * is zero is left out, and a value inside an array of structures has no name.
 */
import type { Btf } from '../../bpf/btf/btf.ts';
import { sizeOf } from '../../bpf/btf/layout.ts';
import type {
  BtfArray,
  BtfComposite,
  BtfEnum,
  BtfInt,
  BtfMember,
  BtfType,
  TypeId,
} from '../../bpf/btf/type.ts';
import { KERNEL_TAG } from '../address.ts';
import { EFAULT, EINVAL } from '../errno.ts';
import { hex64 } from '../fault.ts';
import type { Memory } from '../memory.ts';
import { BoundedText } from './bounded-text.ts';
import { typeLabel } from './type-label.ts';

/** `BTF_F_*` */
export const PrintFlag = { compact: 1, noName: 2, rawPointers: 4, zero: 8 } as const;

/** No type of a kernel nests deeper. */
const DEEPEST = 64;
const LONGEST_INDENT = 32;
/** BTF_KIND_* of what has no value to print. */
const KINDS: Partial<Readonly<Record<BtfType['kind'], number>>> = {
  void: 0,
  fwd: 7,
  func: 12,
  func_proto: 13,
  float: 16,
  decl_tag: 17,
};

export class TypePrinter {
  readonly out: BoundedText;
  /** A negative errno once something could not be read. */
  status = 0;
  /** Whether anything was printed, be it no character. */
  printed = false;
  readonly #memory: Memory;
  readonly #btf: Btf;
  readonly #flags: number;
  #depth = 0;
  /** In the pass that looks for what is not zero: the depth it was begun at, plus 1. */
  #check = 0;
  /** The deepest place where something was shown. */
  #shown = 0;
  #member: BtfMember | undefined;
  #inArray = false;
  /** The array's elements are characters. */
  #characters = false;
  /** Its text has ended. */
  #ended = false;
  /** What is being printed, until it is. */
  #type: BtfType | undefined;

  constructor(memory: Memory, btf: Btf, flags: number, limit: number) {
    this.#memory = memory;
    this.#btf = btf;
    this.#flags = flags;
    this.out = new BoundedText(limit);
  }

  /** `address` is that of the value, 32 bits; `high` its other half. */
  print(id: TypeId, address: number, high: number): void {
    if (high !== KERNEL_TAG) this.status = EFAULT;
    else this.#show(id, address);
  }

  #show(id: TypeId, address: number, level = 0): void {
    const type = this.#btf.type(this.#resolved(id));
    if (level > DEEPEST) return;
    switch (type.kind) {
      case 'struct':
      case 'union':
        this.#twice(() => this.#aggregate(type, id, address, '}', () => this.#members(type, address, level)));
        return;
      case 'array':
        this.#twice(() => {
          this.#characters = this.#isText(type);
          this.#ended = false;
          this.#aggregate(type, id, address, ']', () => this.#elements(type, address, level));
        });
        return;
      case 'int':
        this.#leaf(type, id, address, () => this.#integer(type, id, address));
        return;
      case 'ptr':
        this.#leaf(type, id, address, () => this.#pointer(id, address));
        return;
      case 'enum':
      case 'enum64':
        this.#leaf(type, id, address, () => this.#enumerator(type, id, address));
        return;
      default:
        this.#write(`<unsupported kind:${KINDS[type.kind] ?? 0}>`);
    }
  }

  /** Once to see whether anything in it is not zero, and once to print it. */
  #twice(show: () => void): void {
    const member = this.#member;
    if (this.#depth > 0 && !this.#has(PrintFlag.zero)) {
      if (this.#check === 0) {
        this.#check = this.#depth + 1;
        this.#shown = 0;
      }
      show();
      this.#member = member;
      if (this.#check !== this.#depth + 1) return;
      this.#check = 0;
      if (this.#shown <= this.#depth) return;
    }
    show();
  }

  #aggregate(type: BtfType, id: TypeId, address: number, end: string, inside: () => void): void {
    if (!this.#start(type, id, address)) return;
    this.#write(`${this.#indent()}${this.#name(id)}${this.#newline()}`);
    this.#depth++;
    inside();
    this.#depth--;
    this.#write(`${this.#indent()}${end}${this.#delimiter()}${this.#newline()}`);
    this.#type = undefined;
  }

  #members({ members }: BtfComposite, address: number, level: number): void {
    for (const member of members) {
      this.#member = member;
      const at = address + (member.bitOffset >> 3);
      if (member.bitSize === 0) this.#show(member.type, at, level + 1);
      else {
        const type = this.#btf.type(member.type);
        this.#leaf(type, member.type, at, () =>
          this.#bits(member.type, at, member.bitOffset & 7, member.bitSize),
        );
      }
      this.#member = undefined;
    }
  }

  #elements(array: BtfArray, address: number, level: number): void {
    const element = this.#btf.type(this.#resolved(array.element));
    // What Linux has no size of here stays where it is: each element of an array of pointers prints as the first.
    const size = 'size' in element ? element.size : 0;
    for (let index = 0; index < array.count; index++) {
      this.#inArray = true;
      this.#member = undefined;
      this.#show(array.element, address + index * size, level + 1);
      this.#inArray = false;
      if (this.#ended) break;
    }
    this.#characters = false;
    this.#ended = false;
  }

  /** Bytes are taken for characters. */
  #isText({ element }: BtfArray): boolean {
    const type = this.#btf.type(this.#resolved(element));
    return type.kind === 'int' && (type.size === 1 || type.encoding === 'char');
  }

  #leaf(type: BtfType, id: TypeId, address: number, show: () => void): void {
    if (this.#start(type, id, address)) show();
    this.#type = undefined;
  }

  #integer({ size, bits, bitOffset, signed }: BtfInt, id: TypeId, address: number): void {
    if (bitOffset !== 0 || bits !== size * 8) {
      this.#bits(id, address + (bitOffset >> 3), bitOffset & 7, bits);
      return;
    }
    if (size === 16) {
      this.#wide(id, this.#read(address, 16));
      return;
    }
    if (size === 1 && this.#characters) {
      const byte = this.#memory.u8[address]!;
      if (this.#ended) return;
      if (byte === 0) {
        this.#ended = true;
        return;
      }
      if ((byte >= 0x20 && byte < 0x7f) || byte >= 0xa0) {
        this.#value(id, `'${String.fromCharCode(byte)}'`, true);
        return;
      }
    }
    const value = this.#read(address, size);
    this.#value(id, String(signed ? BigInt.asIntN(size * 8, value) : value), value !== 0n);
  }

  /** `btf_bitfield_show`: `count` bits from bit `first` on. */
  #bits(id: TypeId, address: number, first: number, count: number): void {
    const value = this.#read(address, Math.min(16, (first + count + 7) >> 3));
    this.#wide(id, BigInt.asUintN(count, value >> BigInt(first)));
  }

  /** Always hexadecimal; one of more than 64 bits is shown whatever it is. */
  #wide(id: TypeId, value: bigint): void {
    this.#value(id, `0x${value.toString(16)}`, value !== 0n);
  }

  #pointer(id: TypeId, address: number): void {
    const low = this.#memory.readLow(address);
    const high = this.#memory.readHigh(address);
    const digits = hex64(low, high).slice(2).padStart(16, '0');
    this.#value(id, `0x${digits}`, (low | high) !== 0);
  }

  #enumerator({ kind, values, signed }: BtfEnum, id: TypeId, address: number): void {
    const bits = kind === 'enum64' ? 64 : 32;
    const value = BigInt.asIntN(bits, this.#read(address, bits / 8));
    const found = values.find((one) => BigInt.asIntN(bits, one.value) === value);
    if (found !== undefined) this.#value(id, found.name, true);
    else this.#value(id, String(signed ? value : BigInt.asUintN(bits, value)), value !== 0n);
  }

  #value(id: TypeId, text: string, isSet: boolean): void {
    if (!isSet && !this.#has(PrintFlag.zero) && this.#depth !== 0) return;
    this.#write(`${this.#indent()}${this.#name(id)}${text}${this.#delimiter()}${this.#newline()}`);
    this.#shown = Math.max(this.#shown, this.#depth);
  }

  /** False, and an error, where the value cannot be read. */
  #start(type: BtfType, id: TypeId, address: number): boolean {
    this.#type = type;
    const size = sizeOf(this.#btf, id);
    if (size === undefined) this.status = EINVAL;
    else if (!this.#memory.regions.covers(address >>> 0, Math.max(1, size), false)) this.status = EFAULT;
    else return true;
    return false;
  }

  #read(address: number, bytes: number): bigint {
    let value = 0n;
    for (let index = bytes - 1; index >= 0; index--) {
      value = (value << 8n) | BigInt(this.#memory.u8[address + index]!);
    }
    return value;
  }

  #write(text: string): void {
    if (this.#check !== 0) return;
    this.out.add(text);
    this.printed = true;
  }

  #name(id: TypeId): string {
    if (this.#inArray) return '';
    const member = this.#member;
    const label = typeLabel(this.#btf, member?.type ?? id);
    if (label === undefined) return '';
    if (this.#has(PrintFlag.noName)) return label.bracket;
    const name = member === undefined || member.name === '' ? '' : `.${member.name} = `;
    return `${name}(${label.text})${label.bracket}`.slice(0, 79);
  }

  #indent(): string {
    return this.#has(PrintFlag.compact) ? '' : ' '.repeat(Math.min(this.#depth, LONGEST_INDENT));
  }

  #newline(): string {
    return this.#has(PrintFlag.compact) ? '' : '\n';
  }

  #delimiter(): string {
    if (this.#depth === 0) return '';
    return this.#has(PrintFlag.compact) && this.#type?.kind === 'union' ? '|' : ',';
  }

  #has(flag: number): boolean {
    return (this.#flags & flag) !== 0;
  }

  /** Behind typedefs and qualifiers. */
  #resolved(id: TypeId): TypeId {
    let at = id;
    for (let steps = 0; steps < DEEPEST && at !== 0; steps++) {
      const type = this.#btf.type(at);
      if (!MODIFIERS.has(type.kind) || !('type' in type)) return at;
      at = type.type;
    }
    return at;
  }
}

const MODIFIERS: ReadonlySet<BtfType['kind']> = new Set([
  'typedef',
  'const',
  'volatile',
  'restrict',
  'type_tag',
  'var',
]);
