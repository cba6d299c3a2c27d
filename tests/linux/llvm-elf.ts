/** What llvm-readelf and llvm-objdump print of an object, as plain facts. */
import { execFileSync } from 'node:child_process';

export interface LlvmSection {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
  readonly info: number;
}

export interface LlvmSymbol {
  readonly name: string;
  readonly value: bigint;
  readonly size: number;
  readonly type: string;
  readonly binding: string;
  readonly visibility: string;
  /** A number, `UND` or `ABS`. */
  readonly section: string;
}

export interface LlvmRelocation {
  /** Name of the section that is relocated. */
  readonly section: string;
  readonly offset: number;
  readonly type: string;
  /** Index of its symbol. */
  readonly symbol: number;
}

export interface LlvmElf {
  readonly sections: readonly LlvmSection[];
  readonly symbols: readonly LlvmSymbol[];
  readonly relocations: readonly LlvmRelocation[];
}

export function readelf(path: string): LlvmElf {
  const text = run('llvm-readelf', ['-W', '-S', '-s', '-r', path]);
  const lines = text.split('\n');
  return {
    sections: lines.flatMap((line) => section(line) ?? []),
    symbols: lines.flatMap((line) => symbol(line) ?? []),
    relocations: relocations(text),
  };
}

/** Bytes of the instructions of each section, as llvm-objdump disassembles them. */
export function objdump(path: string): ReadonlyMap<string, Uint8Array> {
  const parts = run('llvm-objdump', ['-d', '--mattr=+alu32', path]).split('Disassembly of section ').slice(1);
  return new Map(
    parts.map((part) => {
      const [name = ''] = part.split(':\n', 1);
      const digits = [...part.matchAll(/^ +[0-9a-f]+:\t((?:[0-9a-f]{2} ?)+)\t/gm)].map((line) => line[1]!);
      return [
        name,
        Uint8Array.from(digits.join(' ').trim().split(/ +/), (byte) => Number.parseInt(byte, 16)),
      ];
    }),
  );
}

function run(tool: string, words: readonly string[]): string {
  return execFileSync(tool, words, { encoding: 'utf8', maxBuffer: 1 << 28 });
}

const SECTION =
  /^ {2}\[ *\d+\] (\S*) +[A-Z_0-9a-z]+ +[0-9a-f]{16} ([0-9a-f]{6,}) ([0-9a-f]{6,}) [0-9a-f]{2,} +[A-Za-z]* +(\d+) +(\d+) +\d+$/;

function section(line: string): LlvmSection | undefined {
  const [, name, offset, size, link, info] = SECTION.exec(line) ?? [];
  if (name === undefined) return undefined;
  const number = (text: string | undefined): number => Number.parseInt(text!, 16);
  return { name, offset: number(offset), size: number(size), link: Number(link), info: Number(info) };
}

const SYMBOL = /^ +\d+: ([0-9a-f]{16}) +(\d+) (\S+) +(\S+) +(\S+) +(\S+) ?(.*)$/;

function symbol(line: string): LlvmSymbol | undefined {
  const [, value, size, type, binding, visibility, place, name] = SYMBOL.exec(line) ?? [];
  if (value === undefined) return undefined;
  return {
    name: name!,
    value: BigInt(`0x${value}`),
    size: Number(size),
    type: type!,
    binding: binding!,
    visibility: visibility!,
    section: place!,
  };
}

function relocations(text: string): readonly LlvmRelocation[] {
  const tables = text.split("Relocation section '.rel").slice(1);
  return tables.flatMap((table) => {
    const [name = ''] = table.split("'", 1);
    const rows = [...table.matchAll(/^([0-9a-f]{16}) {2}([0-9a-f]{8})[0-9a-f]{8} (R_BPF_\w+)/gm)];
    return rows.map(([, offset, index, type]) => ({
      section: name,
      offset: Number.parseInt(offset!, 16),
      symbol: Number.parseInt(index!, 16),
      type: type!,
    }));
  });
}
