/** Objects from assembly text with directives, run once: result, warnings and maps. */
import { expect } from 'vitest';
import { assemble } from '../../bpf/asm/index.ts';
import type { BpfObject } from '../../bpf/object.ts';
import { createMachine, type Machine, type MachineOptions, type UserMap } from '../../vm/index.ts';
import { directEngine } from '../../vm/jit/engine.ts';
import { pair } from './support.ts';

export interface Outcome {
  /** r0, signed. */
  readonly result: bigint;
  readonly warnings: readonly string[];
  readonly machine: Machine;
  map(name: string): UserMap;
  /** The first value of a map as bytes in hexadecimal. */
  value(name: string): string;
}

/** A program `main` that is a raw tracepoint's; `source` may have maps and functions of its own. */
export function assembled(source: string): BpfObject {
  const whole = `.license GPL\n${source.includes('.program') ? '' : '.program main raw_tp/x\n'}${source}`;
  const { object, diagnostics } = assemble(whole, 'test');
  if (object === undefined) throw new Error(diagnostics.map((one) => one.message).join('\n'));
  return object;
}

/** On the reference interpreter, checked strictly, and as compiled code: the result is the same. */
export function runAssembly(
  source: string | BpfObject,
  options: MachineOptions = { memoryLimit: 2 << 20 },
  prepare: (machine: Machine) => void = () => {},
): Outcome {
  const object = typeof source === 'string' ? assembled(source) : source;
  const reference = runOnce(object, options, prepare);
  const compiled = runOnce(object, { ...options, mode: 'checked', engine: directEngine }, prepare);
  expect(compiled.result, 'compiled').toBe(reference.result);
  expect(compiled.warnings, 'compiled').toEqual(reference.warnings);
  for (const { name } of object.maps) {
    const values = ({ map }: Outcome): readonly string[] =>
      [...map(name).entries()].map(({ value }) => value.toHex());
    expect(values(compiled), `compiled: map ${name}`).toEqual(values(reference));
  }
  return reference;
}

function runOnce(object: BpfObject, options: MachineOptions, prepare: (machine: Machine) => void): Outcome {
  const machine = createMachine(options);
  const warnings: string[] = [];
  machine.warn = (message) => warnings.push(message);
  prepare(machine);
  const image = machine.load(object);
  const registers = machine.run(image.programs.get('main')!, 0, 0);
  const map = (name: string): UserMap => image.maps.get(name)!;
  return {
    result: BigInt.asIntN(64, pair(registers[0]!, registers[1]!)),
    warnings,
    machine,
    map,
    value: (name) => [...map(name).entries()][0]!.value.toHex(),
  };
}

/** Stores a text and its end mark in the frame, from `offset` on (negative, and a multiple of 8). Uses r1. */
export function storeText(text: string, offset: number): string {
  const bytes = new TextEncoder().encode(`${text}\0`);
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 8) {
    const word = new DataView(new ArrayBuffer(8));
    bytes.subarray(at, at + 8).forEach((byte, index) => {
      word.setUint8(index, byte);
    });
    lines.push(`r1 = ${word.getBigInt64(0, true)} ll`, `*(u64 *)(r10 ${offset + at}) = r1`);
  }
  return lines.join('\n');
}
