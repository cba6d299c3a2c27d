import { describe, expect, test } from 'vitest';
import { assembled, runAssembly } from '../assembly.ts';

const MAP = `.map s task_storage key=4 value=8 entries=0 flags=1\n.map owner array key=4 value=8 entries=1
.map out array key=4 value=8 entries=1\n`;
/** Any kernel address is an owner: that of the map's value is one. */
const OWNER = 'r2 = map[owner][0]+0\n';
const get = (flags: number, owner = OWNER): string =>
  `*(u64 *)(r10 - 8) = 42\nr1 = map[s]\n${owner}r3 = r10\nr3 += -8\nr4 = ${flags}\ncall bpf_task_storage_get\n`;
const read = 'if r0 == 0 goto +1\nr0 = *(u64 *)(r0 + 0)\n';
const remove = (owner = OWNER): string => `r1 = map[s]\n${owner}call bpf_task_storage_delete\n`;

describe('storage for kernel objects', () => {
  test.each([
    ['none', `${get(0)}`, 0n],
    ['made with its first value', `${get(1)}${read}`, 42n],
    ['found again', `${get(1)}*(u64 *)(r0 + 0) = 7\n${get(1)}${read}`, 7n],
    ['deleted', `${get(1)}${remove()}`, 0n],
    ['deleted twice', `${get(1)}${remove()}${remove()}`, -2n],
    ['flags', get(2), 0n],
    ['no owner', get(1, 'r2 = 0\n'), 0n],
    ['deleted of no owner', remove('r2 = 0\n'), -22n],
  ])('%s', (_name, source, want) => {
    const object = assembled(`${MAP}${source}exit`);
    // Storage has types on Linux.
    const maps = object.maps.map((one) => ({ ...one, btf: { key: 1, value: 1 } }));
    expect(runAssembly({ ...object, maps }).result).toBe(want);
  });
});
