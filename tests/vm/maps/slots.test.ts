/** Maps that hold maps and programs: what loading an object puts into them, and what they do not take. */
import { describe, expect, test } from 'vitest';
import { assembleInstructions } from '../../../bpf/asm/index.ts';
import type { Instruction } from '../../../bpf/instruction.ts';
import type { MapDefinition } from '../../../bpf/maps.ts';
import type { BpfObject } from '../../../bpf/object.ts';
import type { ProgramTypeName } from '../../../bpf/programs.ts';
import { EBADF, EINVAL, ENOENT } from '../../../vm/errno.ts';
import { createMachine, LoadError } from '../../../vm/index.ts';
import { directEngine } from '../../../vm/jit/engine.ts';
import { map, object } from '../support.ts';

const text = (source: string): readonly Instruction[] => assembleInstructions(source).instructions;
const word = (value: number): Uint8Array => new Uint8Array(Uint32Array.of(value).buffer);

function loaded(
  maps: readonly MapDefinition[],
  main = 'r0 = 0\nexit',
  others: readonly [string, ProgramTypeName][] = [],
): BpfObject {
  const one = object(text(main), [], maps);
  const more = others.map(([name, type]) => ({
    ...one.programs[0]!,
    name,
    type,
    instructions: text('r0 = 7\nexit'),
  }));
  return { ...one, programs: [...one.programs, ...more] };
}

function errnoOf(run: () => unknown): number | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof LoadError) return error.errno;
    throw error;
  }
  throw new Error('no error');
}

const inner = map('hash', 4, 8, 3, { name: 'inner' });
const outer = (slots: MapDefinition['slots']): MapDefinition =>
  map('array_of_maps', 4, 4, 2, { name: 'outer', inner, slots: slots ?? [] });

describe('maps of maps', () => {
  test('a slot that the definition fills is what a program finds there', () => {
    const machine = createMachine({ memoryLimit: 2 << 20 });
    const main = `*(u32 *)(r10 - 4) = 1\nr1 = map[outer]\nr2 = r10\nr2 += -4\ncall bpf_map_lookup_elem
      if r0 == 0 goto +7\nr1 = r0\nr2 = r10\nr2 += -4\ncall bpf_map_lookup_elem\nif r0 == 0 goto +2\nr0 = *(u64 *)(r0 + 0)\nexit\nr0 = 0\nexit`;
    const image = machine.load(
      loaded([inner, outer([{ index: 1, target: { kind: 'map', name: 'inner' } }])], main),
    );
    image.maps.get('inner')!.update(word(1), Uint8Array.of(42, 0, 0, 0, 0, 0, 0, 0));
    expect(machine.run(image.programs.get('main')!, 0, 0)[0]).toBe(42);
    expect(image.maps.get('outer')!.lookup(word(1))).toEqual(word(image.maps.get('inner')!.id));
    expect(image.maps.get('outer')!.syscalls.lookup(word(0))).toBe(ENOENT);
  });

  test('a map of other sizes, and one that is not there', () => {
    const machine = createMachine({ memoryLimit: 2 << 20 });
    const wrong = { ...inner, valueSize: 4, name: 'wrong' };
    const slots = [{ index: 0, target: { kind: 'map', name: 'wrong' } }] as const;
    expect(errnoOf(() => machine.load(loaded([inner, wrong, outer(slots)])))).toBe(EINVAL);
    const missing = [{ index: 0, target: { kind: 'map', name: 'nobody' } }] as const;
    expect(() => machine.load(loaded([inner, outer(missing)]))).toThrow(
      /slot 0 names 'nobody', which is not/,
    );
  });
});

describe('arrays of programs', () => {
  const array = (slots: MapDefinition['slots'] = []): MapDefinition =>
    map('prog_array', 4, 4, 2, { name: 'programs', slots });
  const tailCall = 'r2 = map[programs]\nr3 = 1\ncall bpf_tail_call\nr0 = 1\nexit';

  test('a tail call goes to what the definition put there', () => {
    const machine = createMachine({ memoryLimit: 2 << 20, mode: 'trusted', engine: directEngine });
    const slots = [{ index: 1, target: { kind: 'program', name: 'next' } }] as const;
    const image = machine.load(loaded([array(slots)], tailCall, [['next', 'raw_tracepoint']]));
    const main = image.programs.get('main')!;
    expect(machine.run(main, 0, 0)[0]).toBe(7);
    expect(image.maps.get('programs')!.delete(word(1))).toBe(0);
    expect(machine.run(main, 0, 0)[0]).toBe(1);
  });

  test('programs of another type are not taken, and cannot call through it', () => {
    const machine = createMachine({ memoryLimit: 2 << 20 });
    const slots = [{ index: 1, target: { kind: 'program', name: 'next' } }] as const;
    expect(errnoOf(() => machine.load(loaded([array(slots)], tailCall, [['next', 'xdp']])))).toBe(EINVAL);
    const image = machine.load(loaded([array()], tailCall, [['next', 'xdp']]));
    const programs = image.maps.get('programs')!;
    expect(programs.update(word(0), word(image.programs.get('next')!.slot + 1))).toBe(EINVAL);
    expect(programs.update(word(0), word(image.programs.get('main')!.slot + 1))).toBe(0);
    expect(programs.update(word(0), word(999))).toBe(EBADF);
  });
});
