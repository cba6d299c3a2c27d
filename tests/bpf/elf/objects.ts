/** Objects as plain data, for comparing what was read with what was written and read again. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Btf } from '../../../bpf/btf/btf.ts';
import type { BtfType } from '../../../bpf/btf/type.ts';
import type { BpfObject } from '../../../bpf/object.ts';

const OBJECTS = new URL('../../data/objects/', import.meta.url);

export function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(name, OBJECTS)));
}

/** Objects of clang that are whole by themselves. */
export const FIXTURES: readonly string[] = readdirSync(OBJECTS).filter(
  (name) => name.endsWith('.o') && name !== 'link-main.o',
);

export function typesOf(btf: Btf | undefined): readonly BtfType[] {
  if (btf === undefined) return [];
  return Array.from({ length: btf.end - 1 }, (_, index) => btf.type(index + 1));
}

/** With all types in place of the table that decodes them. */
export function plainObject({ btf, ...object }: BpfObject): object {
  return { ...object, types: typesOf(btf) };
}
