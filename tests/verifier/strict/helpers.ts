/**
 * Helpers that do whatever their prototypes allow: memory they may read is checked, memory they fill gets noise, results
 * are any number the verifier must reckon with, and r1 ... r5 are lost.
 */
import { HELPERS, type Helper } from '../../../bpf/helpers/index.ts';
import type { HelperFunction } from '../../../vm/helper-port.ts';
import type { Machine } from '../../../vm/machine.ts';
import type { Dice } from '../../generators/programs/dice.ts';
import type { KernelObjects } from './kernel-objects.ts';
import { fillRandom, randomWord } from './words.ts';

const SIMPLE = [
  'ANYTHING',
  'PTR_TO_CTX',
  // The text itself was checked; Linux lets a buffer for it be null whatever its size.
  'PTR_TO_CONST_STR',
  'PTR_TO_MEM',
  'CONST_SIZE',
  'CONST_SIZE_OR_ZERO',
  'CONST_MAP_PTR',
  'PTR_TO_BTF_ID',
  'PTR_TO_TIMER',
  'PTR_TO_FUNC',
];

/** Results in -4095 ... size (`do_refine_retval_range`), by the argument that is the size. */
const SIZED: Readonly<Record<string, number>> = {
  get_stack: 3,
  get_task_stack: 3,
  probe_read_str: 2,
  probe_read_kernel_str: 2,
  probe_read_user_str: 2,
};

/** What a machine does by itself, and the verifier knows more of than numbers. */
const OWN = [
  'map_lookup_elem',
  'map_update_elem',
  'map_delete_elem',
  'map_push_elem',
  'map_pop_elem',
  'map_peek_elem',
  'map_lookup_percpu_elem',
  'ringbuf_reserve',
  'ringbuf_submit',
  'ringbuf_discard',
  'ringbuf_output',
  'get_smp_processor_id',
  'loop',
  'for_each_map_elem',
];

/** By helper id. */
export function anyHelpers(
  machine: Machine,
  dice: () => Dice,
  kernel: () => KernelObjects,
): ReadonlyMap<number, HelperFunction> {
  const rows = HELPERS.filter((row) => isSimple(row) && !OWN.includes(row.name)).map(
    (row) => [row.id, anyHelper(machine, row, dice)] as const,
  );
  const nothing: HelperFunction = () => undefined;
  const pointer =
    (mayBeNull: boolean): HelperFunction =>
    (r) =>
      kernel().give(r, mayBeNull && dice().chance(0.3));
  return new Map([
    ...rows,
    [LOCK, nothing],
    [UNLOCK, nothing],
    [CURRENT_TASK, pointer(false)],
    [TASK_REGISTERS, pointer(false)],
    [EXCHANGE, pointer(true)],
  ]);
}

const LOCK = 93;
const UNLOCK = 94;
const CURRENT_TASK = 158;
const TASK_REGISTERS = 175;
const EXCHANGE = 194;

function isSimple({ args, returns }: Helper): boolean {
  const plain = args.every(({ type }) => SIMPLE.includes(type));
  return plain && (returns.type === 'INTEGER' || returns.type === 'VOID');
}

function anyHelper(machine: Machine, row: Helper, dice: () => Dice): HelperFunction {
  const sizeOf = SIZED[row.name];
  return (r) => {
    const random = dice();
    for (const [index, argument] of row.args.entries()) {
      if (argument.type !== 'PTR_TO_MEM') continue;
      if (argument.flags.includes('PTR_MAYBE_NULL') && isNull(r, index + 1)) continue;
      const sized = row.args[index + 1]?.type.startsWith('CONST_SIZE') === true;
      const bytes = sized ? r[(index + 2) * 2]! : (argument.size ?? 0);
      touch(machine, r, index + 1, bytes, isWritten(argument.flags), random);
    }
    const limit = sizeOf === undefined ? 0 : r[sizeOf * 2]!;
    for (let i = 0; i < 12; i += 2) [r[i], r[i + 1]] = randomWord(random);
    if (sizeOf === undefined) return;
    const result = random.chance(0.3) ? -random.below(4096) : random.below(limit + 1);
    r[0] = result;
    r[1] = result >> 31;
  };
}

function isWritten(flags: readonly string[]): boolean {
  return flags.includes('MEM_UNINIT') || flags.includes('MEM_WRITE');
}

function isNull(r: Int32Array, number: number): boolean {
  return r[number * 2] === 0 && r[number * 2 + 1] === 0;
}

function touch(
  machine: Machine,
  r: Int32Array,
  number: number,
  bytes: number,
  written: boolean,
  dice: Dice,
): void {
  const address = r[number * 2]!;
  if (bytes < 0) throw machine.fault('access', `argument ${number + 1} is a size of ${bytes}`);
  machine.checkArgument(address, r[number * 2 + 1]!, bytes, written);
  if (written) fillRandom(machine.memory.view, address >>> 0, bytes, dice);
}
