/** What the VM's tests share: objects from assembly text or instructions, runs with results as BigInt. */
import { splitWide } from '../../bpf/build/index.ts';
import type { Instruction } from '../../bpf/instruction.ts';
import type { MapDefinition, MapTypeName } from '../../bpf/maps.ts';
import type { BpfFunction, BpfObject } from '../../bpf/object.ts';
import type { OpName } from '../../bpf/opcodes.ts';
import { createMachine, type Machine, type MachineOptions } from '../../vm/index.ts';

/** An instruction by name; fields not given are 0. */
export function insn(op: OpName, fields: Partial<Omit<Instruction, 'op'>> = {}): Instruction {
  return { op, dst: 0, src: 0, off: 0, imm: 0, ...fields };
}

/** `lddw` of a 64-bit number. */
export function wide(dst: Instruction['dst'], value: bigint): Instruction {
  return insn('lddw', { dst, ...splitWide(value) });
}

export function object(
  main: readonly Instruction[],
  functions: readonly BpfFunction[] = [],
  maps: readonly MapDefinition[] = [],
  data: ReadonlyMap<string, Uint8Array> = new Map(),
): BpfObject {
  const program = {
    name: 'main',
    type: 'raw_tracepoint',
    section: 'raw_tp/x',
    attach: [],
    instructions: main,
  } as const;
  return {
    name: 'test',
    endian: 'little',
    license: 'GPL',
    programs: [program],
    functions,
    maps,
    data,
    sources: [],
  };
}

export function map(
  type: MapTypeName,
  keySize: number,
  valueSize: number,
  maxEntries: number,
  more: Partial<MapDefinition> = {},
): MapDefinition {
  return { name: 'm', type, keySize, valueSize, maxEntries, flags: 0, ...more };
}

/** A pair as an unsigned number. */
export function pair(low: number, high: number): bigint {
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}

export const SMALL: MachineOptions = { memoryLimit: 1 << 20 };

/** Runs `main` on a fresh machine; r0 unsigned. */
export function run(
  main: readonly Instruction[],
  functions: readonly BpfFunction[] = [],
  options: MachineOptions = SMALL,
): bigint {
  const machine = createMachine(options);
  return runOn(machine, object(main, functions));
}

export function runOn(machine: Machine, loaded: BpfObject, cpu = 0, context = 0): bigint {
  const program = machine.load(loaded).programs.get('main')!;
  const registers = machine.run(program, cpu, context);
  return pair(registers[0]!, registers[1]!);
}
