/** A loaded program -> the records that the resident interpreter runs. */

import { CallKind } from '../../bpf/fields.ts';
import { helper } from '../../bpf/helpers/lookup.ts';
import { opcodeOf } from '../../bpf/opcodes.ts';
import { KERNEL_TAG, type LinearAddress } from '../address.ts';
import { CURRENT_FIELDS } from '../current-fields.ts';
import { knownValue } from '../jit/known-value.ts';
import type { BpfMap } from '../maps/map.ts';
import { CODE_TAG, codeIndex, type Program } from '../program.ts';
import { MAP_CALLS } from './map-calls.ts';
import { BACKWARD, Own, RECORD } from './numbers.ts';

/** What records refer to. */
export interface RecordPlaces {
  /** Of the first record. */
  readonly code: LinearAddress;
  mapAt(address: LinearAddress): BpfMap | undefined;
  /** The descriptor of a map's operation; undefined where only the helper does it. */
  descriptor(map: BpfMap, call: (typeof MAP_CALLS)[number]): LinearAddress | undefined;
}

/** Helpers that give 64 bits of the current block. */
const CURRENT: ReadonlyMap<number, readonly [place: number, bit: number]> = new Map(
  CURRENT_FIELDS.map(([name, place, bit]) => [helper(name).id, [place, bit]]),
);
const MAP_CALL_BY_ID: ReadonlyMap<number, number> = new Map(
  MAP_CALLS.map((call, index) => [helper(call.helper).id, index]),
);
const SUBMIT = helper('ringbuf_submit').id;
const DISCARD = helper('ringbuf_discard').id;
const LOOP = helper('loop').id;
const TAIL_CALL = helper('tail_call').id;
const CPU = helper('get_smp_processor_id').id;
const RANDOM = helper('get_prandom_u32').id;

/** Words of all records, with the one past the end. */
export function records(program: Program, places: RecordPlaces): Int32Array {
  const { code } = program;
  const words = new Int32Array(code.length);
  const starts = blockStarts(program);
  let start = 0;
  for (let at = 0; at < code.length; at += 4) {
    const index = at >> 2;
    if (starts[index] === 1) start = index;
    const word = code[at]!;
    // Registers are words of the register file in programs, and bytes here.
    words[at] = (word & 0xff) | (((word >> 8) & 0xff) << 10) | (((word >> 16) & 0xff) << 18);
    words[at + 1] = code[at + 1]!;
    words[at + 2] = code[at + 2]!;
    words[at + 3] = code[at + 3]!;
    if (program.instructions[index] !== undefined) specialise({ words, program, index, start, places });
  }
  return words;
}

/** An instruction whose record is made. */
interface Site {
  readonly words: Int32Array;
  readonly program: Program;
  readonly index: number;
  /** First instruction of its block. */
  readonly start: number;
  readonly places: RecordPlaces;
}

/** 1 at instructions that a jump goes to, or that follow one. */
function blockStarts({ instructions, code }: Program): Uint8Array {
  const starts = new Uint8Array(instructions.length + 1);
  for (const [index, { op }] of instructions.entries()) {
    const { form } = opcodeOf(op);
    if (!isJump(form)) continue;
    starts[code[index * 4 + 1]! >> 2] = 1;
    starts[index + 1] = 1;
  }
  return starts;
}

function isJump(form: string): boolean {
  return form === 'ja' || form === 'ja32' || form === 'may_goto' || form.startsWith('jmp_');
}

function specialise(site: Site): void {
  const { words, program, index, places } = site;
  const at = index * 4;
  const { op, src } = program.instructions[index]!;
  const { form, code: number } = opcodeOf(op);
  const isLocalCall = form === 'call' && src === CallKind.local;
  if (isJump(form) || isLocalCall) {
    const target = program.code[at + 1]! >> 2;
    words[at + 1] = places.code + target * RECORD;
    if (isLocalCall) renumber(words, at, Own.local);
    else if (target <= index && form !== 'may_goto') {
      words[at + 3] = index - target + 1;
      renumber(words, at, form.startsWith('jmp_') ? number + BACKWARD : Own.back);
    }
    return;
  }
  if (form !== 'call') return;
  words[at + 3] = index;
  helperCall(site);
}

function renumber(words: Int32Array, at: number, number: number): void {
  words[at] = (words[at]! & ~0xff) | number;
}

function helperCall(site: Site): void {
  const { words, program, index } = site;
  const at = index * 4;
  const id = words[at + 2]!;
  if (id === CPU) renumber(words, at, Own.cpu);
  else if (id === RANDOM) renumber(words, at, Own.random);
  else if (id === TAIL_CALL) renumber(words, at, Own.tailCall);
  else if (id === SUBMIT || id === DISCARD) {
    // The function trusts the record.
    if (program.mode === 'trusted') renumber(words, at, id === SUBMIT ? Own.submit : Own.discard);
  } else if (id === LOOP) knownLoop(site);
  else if (CURRENT.has(id)) {
    const [place, bit] = CURRENT.get(id)!;
    words[at + 1] = place;
    words[at] = (words[at]! & 0xff00) | Own.current | (bit << 16);
  } else if (MAP_CALL_BY_ID.has(id)) knownMap(site);
}

function knownLoop(site: Site): void {
  const { words, program, index, start, places } = site;
  const callback = knownValue(program, start, index, 2);
  if (callback?.kind !== 'number' || callback.high !== CODE_TAG) return;
  const target = codeIndex(program, callback.low, callback.high);
  if (target < 0) return;
  words[index * 4 + 1] = places.code + (target >> 2) * RECORD;
  renumber(words, index * 4, Own.loop);
}

function knownMap(site: Site): void {
  const { words, program, index, start, places } = site;
  const number = MAP_CALL_BY_ID.get(words[index * 4 + 2]!)!;
  const call = MAP_CALLS[number]!;
  const value = knownValue(program, start, index, call.map);
  if (value?.kind !== 'number' || value.high !== KERNEL_TAG) return;
  const map = places.mapAt(value.low);
  const descriptor = map === undefined ? undefined : places.descriptor(map, call);
  if (descriptor === undefined) return;
  words[index * 4 + 1] = descriptor;
  renumber(words, index * 4, Own.map + number);
}
