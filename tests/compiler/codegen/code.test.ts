/** What the code looks like: places where a slip would keep the meaning and lose speed, stack or source places. */
import { expect, test } from 'vitest';
import { encodeInstructions } from '../../../bpf/encode.ts';
import type { Instruction } from '../../../bpf/instruction.ts';
import { generate, generateFunction } from '../../../compiler/codegen/generate.ts';
import { FunctionBuilder } from '../../../compiler/ir/builder.ts';
import type { IrFunction } from '../../../compiler/ir/ir.ts';
import { optimiseFunction } from '../../../compiler/optimise/index.ts';

function opsOf(fn: IrFunction, instructionSet: 1 | 2 | 3 | 4 = 4): string[] {
  return generateFunction(optimiseFunction(fn), { instructionSet }).instructions.map(
    (one: Instruction) => one.op,
  );
}

test('a counter in a map: no copy, no spill, the rare arm last', () => {
  const builder = new FunctionBuilder('count', 1);
  builder.parameter(0, 'context');
  const key = builder.slot('key', 8);
  builder.store(builder.slotAddress(key), 0, 8, 7n);
  const args = [builder.mapAddress('@'), builder.slotAddress(key)];
  const found = builder.callHelper('map_lookup_elem', args, { kind: 'map-value-or-null' });
  const [hit, miss] = [builder.block(), builder.block()];
  builder.branch({ op: 'eq', left: found, right: 0n }, miss, hit, 'then');
  builder.enter(hit);
  builder.store(found, 0, 8, builder.binary('add', builder.load(found, 0, 8), 1n));
  builder.return(0n);
  builder.enter(miss);
  builder.return(1n);
  expect(opsOf(builder.finish())).toEqual([
    'st64',
    'lddw',
    'mov64_x',
    'add64_k',
    'call',
    'jeq_k', // the lookup
    'ldx64',
    'add64_k',
    'stx64',
    'mov64_k',
    'exit', // found
    'mov64_k',
    'exit', // not found
  ]);
});

test('a loop tests at its end and keeps its variables in registers', () => {
  const builder = new FunctionBuilder('loop', 1);
  const context = builder.parameter(0, 'context');
  const [i, sum] = [builder.local('$i'), builder.local('$sum')];
  builder.setLocal(i, 0n);
  builder.setLocal(sum, 0n);
  const [head, body, after] = [builder.block(), builder.block(), builder.block()];
  builder.jump(head);
  builder.enter(head);
  builder.branch({ op: 'ult', left: builder.getLocal(i), right: 10n }, body, after);
  builder.enter(body);
  builder.setLocal(sum, builder.binary('add', builder.getLocal(sum), builder.load(context, 8, 4)));
  builder.callHelper('get_prandom_u32', []);
  builder.setLocal(i, builder.binary('add', builder.getLocal(i), 1n));
  builder.jump(head);
  builder.enter(after);
  builder.return(builder.getLocal(sum));
  const code = opsOf(builder.finish());
  const start = code.indexOf('ldx32');
  expect(code.slice(start, start + 5)).toEqual(['ldx32', 'add64_x', 'call', 'add64_k', 'jlt_k']);
});

test('constant writes side by side become wide ones', () => {
  const builder = new FunctionBuilder('store', 0);
  const slot = builder.slotAddress(builder.slot('s', 16));
  builder.store(slot, 0, 4, 1n);
  builder.store(slot, 4, 2, 2n);
  builder.zero(slot, 6, 10, 2);
  builder.storeBytes(slot, 8, Uint8Array.of(1, 2, 3), 8);
  builder.callHelper('trace_printk', [slot, { constant: 16n }]);
  builder.return(0n);
  const [first, second, third, next] = generateFunction(optimiseFunction(builder.finish()), {
    instructionSet: 4,
  }).instructions;
  expect(first).toMatchObject({ op: 'st32', off: -16, imm: 1 });
  expect(second).toMatchObject({ op: 'st32', off: -12, imm: 2 });
  expect(third).toMatchObject({ op: 'st64', off: -8, imm: 0x030201 });
  expect(next).toMatchObject({ op: 'mov64_x' });
});

test('slots whose uses do not overlap share bytes', () => {
  const builder = new FunctionBuilder('slots', 0);
  for (let index = 0; index < 20; index += 1) {
    const address = builder.slotAddress(builder.slot(`s${index}`, 64));
    builder.zero(address, 0, 64);
    builder.callHelper('get_current_comm', [address, { constant: 64n }]);
  }
  builder.return(0n);
  expect(generateFunction(builder.finish(), { instructionSet: 4 }).stackBytes).toBe(64);
});

test('slots that are kept in a loop, or whose address is stored, share with nothing used meanwhile', () => {
  const builder = new FunctionBuilder('kept', 0);
  const [kept, holder, other] = [
    builder.slot('kept', 8),
    builder.slot('holder', 8),
    builder.slot('other', 8),
  ];
  builder.store(builder.slotAddress(kept), 0, 8, 1n);
  builder.store(builder.slotAddress(holder), 0, 8, builder.slotAddress(kept));
  builder.store(builder.slotAddress(other), 0, 8, 2n);
  builder.callHelper('get_current_comm', [builder.slotAddress(other), { constant: 8n }]);
  builder.callHelper('get_current_comm', [builder.slotAddress(holder), { constant: 8n }]);
  builder.return(0n);
  expect(generateFunction(builder.finish(), { instructionSet: 4 }).stackBytes).toBe(24);
});

test('a stack that is too large along a chain of calls is told, with its largest slots', () => {
  const callee = new FunctionBuilder('callee', 0);
  callee.callHelper('get_current_comm', [callee.slotAddress(callee.slot('name', 300)), { constant: 300n }]);
  callee.return(0n);
  const main = new FunctionBuilder('main', 0);
  const buffer = main.slotAddress(main.slot('buffer', 256));
  main.zero(buffer, 0, 256);
  main.return(main.callFunction('callee', [buffer]));
  const result = generate({ functions: [main.finish(), callee.finish()] }, { profile: { level: 4 } });
  expect(result.ok).toBe(false);
  if (result.ok) return;
  expect(result.problems).toEqual([
    {
      function: 'main',
      bytes: 256 + 320,
      limit: 512,
      chain: ['main', 'callee'],
      largest: [
        { name: 'name', size: 300, align: 8, function: 'callee' },
        { name: 'buffer', size: 256, align: 8, function: 'main' },
      ],
    },
  ]);
});

test('every instruction has the place it was made for', () => {
  const builder = new FunctionBuilder('spans', 1);
  builder.span = { source: 0, start: 3, end: 9 };
  const context = builder.parameter(0, 'context');
  const value = builder.compare('slt', builder.load(context, 8, 2, true), 1n << 40n);
  const values = Array.from({ length: 14 }, (_, index) => builder.load(context, index * 8, 8));
  builder.callHelper('get_prandom_u32', []);
  builder.return(values.reduce((sum, one) => builder.binary('add', sum, one), value));
  for (const instructionSet of [1, 4] as const) {
    for (const one of generateFunction(builder.finish(), { instructionSet }).instructions) {
      expect(one.span, one.op).toEqual({ source: 0, start: 3, end: 9 });
    }
  }
});

test('branches reach over more than 32,768 instructions', () => {
  const builder = new FunctionBuilder('far', 1);
  const context = builder.parameter(0, 'context');
  const [near, far] = [builder.block(), builder.block()];
  builder.branch({ op: 'eq', left: builder.load(context, 0, 4), right: 0n }, far, near, 'then');
  builder.enter(near);
  const slot = builder.slotAddress(builder.slot('s', 8));
  for (let index = 0; index < 33_000; index += 1) builder.store(slot, 0, 8, BigInt(index));
  builder.callHelper('get_current_comm', [slot, { constant: 8n }]);
  builder.return(0n);
  builder.enter(far);
  builder.return(1n);
  const { instructions } = generateFunction(builder.finish(), { instructionSet: 4 });
  const { bytes, problems } = encodeInstructions(instructions);
  expect(problems).toEqual([]);
  expect(bytes.length).toBeGreaterThan(33_000 * 8);
});
