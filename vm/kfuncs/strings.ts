/** Kernel functions on strings (kernel/bpf/helpers.c of 6.18). Those of the kernel's memory only: others are -ERANGE. */
import { KERNEL_TAG, type LinearAddress } from '../address.ts';
import { E2BIG, EFAULT, ENOENT, ERANGE } from '../errno.ts';
import { setResult } from '../helper-port.ts';
import type { Machine } from '../machine.ts';
import type { KfuncEntry } from './entry.ts';

/** XATTR_SIZE_MAX: no string is looked at further. */
const LONGEST = 65536;

/** A string in memory; reading past what is mapped throws {@link MISSING}. */
class Text {
  readonly #u8: Uint8Array;
  readonly #start: LinearAddress;
  readonly #bytes: number;

  constructor(machine: Machine, start: LinearAddress) {
    this.#u8 = machine.memory.u8;
    this.#start = start;
    const region = machine.memory.regions.at(start);
    this.#bytes = region === undefined || region.kind === 'user' ? 0 : region.end - start;
  }

  at(index: number): number {
    if (index >= this.#bytes) throw MISSING;
    return this.#u8[this.#start + index]!;
  }
}

const MISSING: unique symbol = Symbol('memory that is not there');

type Find = (texts: readonly Text[], r: Int32Array) => number;

export function stringKfuncs(machine: Machine): readonly KfuncEntry[] {
  /** The first `count` arguments are strings. */
  const on = (name: string, count: 1 | 2, find: Find): KfuncEntry => [
    name,
    (r) => setResult(r, search(machine, r, count, find)),
  ];
  return [
    on('bpf_strcmp', 2, ([a, b]) => compare(a!, b!, (byte) => byte)),
    on('bpf_strcasecmp', 2, ([a, b]) => compare(a!, b!, lower)),
    on('bpf_strlen', 1, ([text]) => length(text!, LONGEST)),
    on('bpf_strnlen', 1, ([text], r) => length(text!, sizeOf(r, 2))),
    on('bpf_strchr', 1, ([text], r) => first(text!, LONGEST, r[4]! & 0xff)),
    on('bpf_strnchr', 1, ([text], r) => first(text!, sizeOf(r, 2), r[6]! & 0xff)),
    on('bpf_strchrnul', 1, ([text], r) => firstOrEnd(text!, r[4]! & 0xff)),
    on('bpf_strrchr', 1, ([text], r) => last(text!, r[4]! & 0xff)),
    on('bpf_strspn', 2, ([text, set]) => span(text!, set!, true)),
    on('bpf_strcspn', 2, ([text, set]) => span(text!, set!, false)),
    on('bpf_strstr', 2, ([text, part]) => inside(text!, part!, LONGEST)),
    on('bpf_strnstr', 2, ([text, part], r) => inside(text!, part!, sizeOf(r, 3))),
  ];
}

function search(machine: Machine, r: Int32Array, count: 1 | 2, find: Find): number {
  const texts: Text[] = [];
  for (let n = 1; n <= count; n++) {
    if (r[n * 2 + 1] !== KERNEL_TAG) return ERANGE;
    texts.push(new Text(machine, r[n * 2]! >>> 0));
  }
  try {
    return find(texts, r);
  } catch (error) {
    if (error === MISSING) return EFAULT;
    throw error;
  }
}

/** A `size_t`, as far as it matters. */
function sizeOf(r: Int32Array, n: number): number {
  return r[n * 2 + 1] === 0 ? Math.min(r[n * 2]! >>> 0, LONGEST) : LONGEST;
}

function compare(a: Text, b: Text, fold: (byte: number) => number): number {
  for (let i = 0; i < LONGEST; i++) {
    const left = fold(a.at(i));
    const right = fold(b.at(i));
    if (left !== right) return left < right ? -1 : 1;
    if (left === 0) return 0;
  }
  return E2BIG;
}

/** `tolower` of the kernel, which knows Latin-1. */
function lower(byte: number): number {
  const isUpper = (byte >= 0x41 && byte <= 0x5a) || (byte >= 0xc0 && byte <= 0xde && byte !== 0xd7);
  return isUpper ? byte + 0x20 : byte;
}

function length(text: Text, limit: number): number {
  for (let i = 0; i < limit; i++) if (text.at(i) === 0) return i;
  return limit === LONGEST ? E2BIG : limit;
}

function first(text: Text, limit: number, wanted: number): number {
  for (let i = 0; i < limit; i++) {
    const byte = text.at(i);
    if (byte === wanted) return i;
    if (byte === 0) return ENOENT;
  }
  return limit === LONGEST ? E2BIG : ENOENT;
}

function firstOrEnd(text: Text, wanted: number): number {
  for (let i = 0; i < LONGEST; i++) {
    const byte = text.at(i);
    if (byte === 0 || byte === wanted) return i;
  }
  return E2BIG;
}

function last(text: Text, wanted: number): number {
  let found = ENOENT;
  for (let i = 0; i < LONGEST; i++) {
    const byte = text.at(i);
    if (byte === wanted) found = i;
    if (byte === 0) return found;
  }
  return E2BIG;
}

/** How many bytes from the start on are in the set, or are not. */
function span(text: Text, set: Text, inSet: boolean): number {
  for (let i = 0; i < LONGEST; i++) {
    const byte = text.at(i);
    if (byte === 0) return i;
    const found = firstOrEnd(set, byte);
    if (found < 0) return found;
    if ((set.at(found) === byte) !== inSet) return i;
  }
  return E2BIG;
}

function inside(text: Text, part: Text, limit: number): number {
  for (let i = 0; i < LONGEST; i++) {
    let j = 0;
    for (; i + j <= limit && j < LONGEST; j++) {
      const wanted = part.at(j);
      if (wanted === 0) return i;
      if (i + j === limit) break;
      const byte = text.at(i + j);
      if (byte === 0) return ENOENT;
      if (byte !== wanted) break;
    }
    if (j === LONGEST) return E2BIG;
    if (i + j === limit) return ENOENT;
  }
  return E2BIG;
}
