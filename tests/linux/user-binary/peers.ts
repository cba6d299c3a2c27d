/** What binutils, LLVM and gdb say of a binary, parsed out of what they print. */
import { execFileSync } from 'node:child_process';

const MAX_OUTPUT = 1 << 30;

export function output(tool: string, ...argv: readonly string[]): string {
  return execFileSync(tool, argv, {
    encoding: 'utf8',
    maxBuffer: MAX_OUTPUT,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, LC_ALL: 'C', DEBUGINFOD_URLS: '' },
  });
}

/** `name address size` of each defined function, sorted, each once. */
export function readelfFunctions(path: string): readonly string[] {
  const found = new Set<string>();
  for (const line of output('readelf', '--syms', '--dyn-syms', '--wide', path).split('\n')) {
    const [number, value, size, type, , , section, name] = line.trim().split(/\s+/);
    if (!number?.endsWith(':') || (type !== 'FUNC' && type !== 'IFUNC') || section === 'UND') continue;
    if (name === undefined) continue;
    found.add(`${name.replace(/@.*/, '')} ${BigInt(`0x${value}`)} ${Number(size)}`);
  }
  return [...found].sort();
}

/** `provider:name location semaphore arguments` of each probe's place, sorted. */
export function readelfProbes(path: string): readonly string[] {
  const text = output('readelf', '--notes', '--wide', path);
  const pattern =
    /Provider: (\S+)\s+Name: (\S+)\s+Location: (\S+), Base: \S+, Semaphore: (\S+)\s+Arguments: ?(.*)/g;
  return [...text.matchAll(pattern)]
    .map(
      ([, provider, name, location, semaphore, words]) =>
        `${provider}:${name} ${BigInt(location ?? 0)} ${BigInt(semaphore ?? 0)} ${words?.trim()}`,
    )
    .sort();
}

export function readelfBuildId(path: string): string | undefined {
  return /Build ID: ([0-9a-f]+)/.exec(output('readelf', '--notes', '--wide', path))?.[1];
}

/** Name → address of each function that llvm-dwarfdump shows with a name and an address of its own. */
export function dwarfdumpAddresses(path: string): ReadonlyMap<string, bigint> {
  const found = new Map<string, bigint>();
  const twice = new Set<string>();
  for (const entry of output('llvm-dwarfdump', '--debug-info', path).split(/\n\n/)) {
    if (!entry.includes('DW_TAG_subprogram')) continue;
    const name = /DW_AT_name\s+\("([^"]+)"\)/.exec(entry)?.[1];
    const address = /DW_AT_low_pc\s+\((0x[0-9a-f]+)\)/.exec(entry)?.[1];
    if (name === undefined || address === undefined) continue;
    if (found.has(name)) twice.add(name);
    found.set(name, BigInt(address));
  }
  for (const name of twice) found.delete(name);
  return found;
}

/** gdb's text of functions' types: `int (struct node *, word)`. Undefined where it knows none. */
export function gdbTypes(path: string, names: readonly string[]): readonly (string | undefined)[] {
  const marks = names.flatMap((name) => ['-ex', `whatis '${name}'`, '-ex', 'echo ##\\n']);
  const parts = output('gdb', '--batch', '--nx', ...marks, path).split('##\n');
  return names.map((_, index) => /^type = (.*)$/m.exec(parts[index] ?? '')?.[1]);
}

/** gdb's sizes and offsets of a struct's members: `offset size name`. */
export function gdbOffsets(path: string, struct: string): readonly string[] {
  const text = output('gdb', '--batch', '--nx', '-ex', `ptype/o ${struct}`, path);
  return text
    .split('\n')
    .map((line) =>
      /^\/\*\s*(\d+)(?:\s*:\s*(\d+))?\s*\|\s*(\d+) \*\/ {4}\S.*?(\w+)(?:\[\d+\])?( : \d+)?;$/.exec(line),
    )
    .filter((match) => match !== null)
    .map(([, byte, bit, , name]) => `${Number(byte) * 8 + Number(bit ?? 0)} ${name}`);
}
