/** A raw program from outside -> what engines take. */
import { readFileSync } from 'node:fs';
import * as build from '../../bpf/build/index.ts';
import { r0, r1, r2, r3, r4, reg } from '../../bpf/build/index.ts';
import { decodeInstructions } from '../../bpf/decode.ts';
import { CallKind, WideKind } from '../../bpf/fields.ts';
import type { Instruction } from '../../bpf/instruction.ts';
import type { MapDefinition } from '../../bpf/maps.ts';
import type { BpfFunction, BpfObject } from '../../bpf/object.ts';
import type { Subject } from './contestant.ts';
import { type OutsideProgram, UsageError } from './options.ts';
import { LEAST_PACKET } from './subject.ts';

/** Reads the files. Throws UsageError when they are not a program. */
export function outsideSubject({ program, context, isPacket, maps }: OutsideProgram): Subject {
  const given = context === undefined ? new Uint8Array(LEAST_PACKET) : read(context);
  // Linux takes no packet shorter than an Ethernet header.
  const bytes = new Uint8Array(Math.max(given.length, LEAST_PACKET));
  bytes.set(given);
  const functions = functionsOf(read(program), maps);
  const [main, ...others] = functions as [BpfFunction, ...BpfFunction[]];
  const entry = main.instructions;
  return {
    name: program.replace(/^.*\//, '').replace(/\.bin$/, ''),
    context: isPacket ? 'packet' : 'plain',
    bytes,
    maps,
    object: objectOf(isPacket ? withPointers(entry) : entry, others, maps),
    linux: objectOf(isPacket ? entry : [...packetAsContext(bytes.length), ...entry], others, maps),
    result: undefined,
    event: false,
  };
}

function read(file: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(file));
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${(error as Error).message}`);
  }
}

/** The entry first. Functions begin where calls and addresses point. */
export function functionsOf(code: Uint8Array, maps: readonly MapDefinition[]): readonly BpfFunction[] {
  if (code.length === 0 || code.length % 8 !== 0) {
    throw new UsageError(`${code.length} bytes are no program: an instruction has 8`);
  }
  const { instructions, slots, problems } = decodeInstructions(code);
  const [problem] = problems;
  if (problem !== undefined) throw new UsageError(`slot ${problem.slot}: ${problem.message}`);
  const targets = instructions.map((one, index) => (isFunction(one) ? slots[index]! + 1 + one.imm : 0));
  const starts = [0, ...new Set(targets.filter((slot) => slot > 0))].sort((a, b) => a - b);
  const named = instructions.map((one, index) => symbolic(one, targets[index]!, slots[index]!, maps));
  return starts.map((start, index) => {
    const first = slots.indexOf(start);
    if (first < 0) throw new UsageError(`a call goes to slot ${start}, where no instruction begins`);
    const next = starts[index + 1];
    return {
      name: nameAt(start),
      instructions: named.slice(first, next === undefined ? undefined : slots.indexOf(next)),
    };
  });
}

const nameAt = (slot: number): string => (slot === 0 ? 'main' : `at${slot}`);

function isFunction({ op, src }: Instruction): boolean {
  return (op === 'call' && src === CallKind.local) || (op === 'lddw' && src === WideKind.func);
}

function symbolic(
  one: Instruction,
  target: number,
  slot: number,
  maps: readonly MapDefinition[],
): Instruction {
  if (one.op === 'call' && one.src === CallKind.local) return build.callLocal(nameAt(target));
  if (one.op !== 'lddw' || one.src === WideKind.value) return one;
  if (one.src === WideKind.func) return build.lddwFunction(reg(one.dst), nameAt(target));
  if (one.src !== WideKind.mapFd) throw new UsageError(`slot ${slot}: a wide load of kind ${one.src}`);
  const map = maps[one.imm];
  if (map === undefined)
    throw new UsageError(`slot ${slot} names map ${one.imm}, and --map gave ${maps.length}`);
  return build.lddwMap(reg(one.dst), map.name);
}

/** Loads of `xdp_md`'s data (0) and data_end (4) become loads of two pointers, as far as r1's copies can be followed. */
export function withPointers(entry: readonly Instruction[]): readonly Instruction[] {
  const contexts = new Set<number>([1]);
  return entry.map((one) => {
    const isContext = contexts.has(one.src);
    if (one.op === 'mov64_x' && isContext) contexts.add(one.dst);
    else if (one.op.startsWith('ldx') || /^(mov|lddw)/.test(one.op)) contexts.delete(one.dst);
    else if (one.op === 'call') for (const register of [0, 1, 2, 3, 4, 5]) contexts.delete(register);
    if (!one.op.startsWith('ldx') || !isContext) return one;
    if (one.op !== 'ldx32' || (one.off !== 0 && one.off !== 4)) {
      throw new UsageError(`a load from xdp_md at ${one.off}: only data and data_end are there`);
    }
    return build.ldx64(reg(one.dst), reg(one.src), one.off * 2);
  });
}

/** For Linux: r1 = the packet's bytes, which are as many as the context has. */
function packetAsContext(size: number): readonly Instruction[] {
  return [
    build.ldx32(r2, r1, 0),
    build.ldx32(r3, r1, 4),
    build.mov64(r4, r2),
    build.add64(r4, size),
    build.jle(r4, r3, 2),
    build.mov64(r0, 0),
    build.exit(),
    build.mov64(r1, r2),
  ];
}

function objectOf(
  instructions: readonly Instruction[],
  functions: readonly BpfFunction[],
  maps: readonly MapDefinition[],
): BpfObject {
  return {
    name: 'outside',
    endian: 'little',
    license: 'GPL',
    programs: [{ name: 'main', type: 'xdp', section: 'xdp', attach: [], instructions }],
    functions,
    maps,
    data: new Map(),
    sources: [],
  };
}
