/** `bpf_tail_call` on every engine: what is replaced, and how often. */
import { describe, expect, test } from 'vitest';
import {
  createMachine,
  directEngine,
  type EngineFactory,
  type MemoryMode,
  residentEngine,
} from '../../vm/index.ts';
import { assembled } from './assembly.ts';
import { pair } from './support.ts';

const ARRAY = '.map jumps prog_array key=4 value=4 entries=4';

const ENGINES: readonly (readonly [name: string, mode: MemoryMode, engine: EngineFactory | undefined])[] = [
  ['reference', 'strict', undefined],
  ['reference', 'trusted', undefined],
  ['direct', 'trusted', directEngine],
  ['direct', 'checked', directEngine],
  ['resident', 'trusted', residentEngine],
  ['resident', 'checked', residentEngine],
];

interface Setup {
  readonly source: string;
  /** Programs in the array. */
  readonly slots: readonly string[];
  readonly modes?: Readonly<Record<string, MemoryMode>>;
}

function runTails({ source, slots, modes = {} }: Setup, mode: MemoryMode, engine?: EngineFactory): bigint {
  const machine = createMachine({ memoryLimit: 1 << 20, ...(engine && { engine }) });
  const image = machine.load(assembled(`${ARRAY}\n${source}`), ({ name }) => modes[name] ?? mode);
  for (const [index, name] of slots.entries()) {
    const key = Uint8Array.of(index, 0, 0, 0);
    const id = image.programs.get(name)!.slot + 1;
    expect(image.maps.get('jumps')!.syscalls.update(key, Uint8Array.of(id, 0, 0, 0), 0)).toBe(0);
  }
  const r = machine.run(image.programs.get('main')!, 0, 0);
  return BigInt.asIntN(64, pair(r[0]!, r[1]!));
}

const JUMP = (index: number): string => `r2 = map[jumps]\nr3 = ${index}\ncall bpf_tail_call`;

describe.each(ENGINES)('%s, %s', (_, mode, engine) => {
  test('the other program takes over', () => {
    const source = `.program main raw_tp/x\n${JUMP(0)}\nr0 = 1\nexit\n.program other raw_tp/x\nr0 = 42\nexit`;
    expect(runTails({ source, slots: ['other'] }, mode, engine)).toBe(42n);
  });

  test('an empty cell and an index beyond go on behind the call', () => {
    const source = `.program main raw_tp/x\nr6 = r1\n${JUMP(1)}\nr1 = r6\n${JUMP(4)}\nr0 = 7\nexit`;
    expect(runTails({ source, slots: [] }, mode, engine)).toBe(7n);
  });

  test('33 are made', () => {
    const source = `
.map count array key=4 value=8 entries=1
.program main raw_tp/x
r6 = r1
*(u32 *)(r10 - 4) = 0
r1 = map[count]
r2 = r10
r2 += -4
call bpf_map_lookup_elem
if r0 == 0 goto +8
r7 = r0
r1 = *(u64 *)(r7 + 0)
r1 += 1
*(u64 *)(r7 + 0) = r1
r1 = r6
${JUMP(0)}
r0 = *(u64 *)(r7 + 0)
exit
exit`;
    expect(runTails({ source, slots: ['main'] }, mode, engine)).toBe(34n);
  });

  test('in a function only the function is replaced, and its caller has its registers', () => {
    const source = `
.program main raw_tp/x
r6 = 5
call f
r0 += r6
exit
.func f
${JUMP(0)}
r0 = 1000
exit
.program other raw_tp/x
r6 = 9
r0 = 20
exit`;
    expect(runTails({ source, slots: ['other'] }, mode, engine)).toBe(25n);
  });

  test('programs of both modes call one another', () => {
    if (mode === 'strict') return;
    const source = `
.program main raw_tp/x
${JUMP(0)}
r0 = 1
exit
.program other raw_tp/x
call f
r0 += 1
exit
.func f
${JUMP(1)}
r0 = 2
exit
.program last raw_tp/x
r0 = 40
exit`;
    const other = mode === 'trusted' ? 'checked' : 'trusted';
    const modes = { other } as const;
    expect(runTails({ source, slots: ['other', 'last'], modes }, mode, engine)).toBe(41n);
  });
});
