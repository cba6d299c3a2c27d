import { expect, test } from 'vitest';
import { FunctionBuilder } from '../../../compiler/ir/builder.ts';
import type { IrFunction, Value } from '../../../compiler/ir/ir.ts';
import { printFunction } from '../../../compiler/ir/print.ts';
import { validate } from '../../../compiler/ir/validate.ts';

function sample(): IrFunction {
  const builder = new FunctionBuilder('sample', 1);
  const context = builder.parameter(0, 'context');
  const arm = builder.block();
  const end = builder.block();
  builder.branch({ op: 'eq', left: builder.load(context, 8, 4), right: 0n }, arm, end, 'then');
  builder.enter(arm);
  builder.return(-1n);
  builder.callHelper('get_prandom_u32', []);
  builder.jump(end);
  builder.enter(end);
  builder.return(0n);
  return builder.finish();
}

test('what the builder makes is valid, and code after a terminator is gone', () => {
  expect(validate(sample())).toEqual([]);
  expect(printFunction(sample())).toBe(`function sample(1)
b0:
  %0: context = parameter 0
  %1 = load u32 [%0 + 8]
  branch eq %1, 0 ? b1 : b2 (then is unlikely)
b1:
  return -1
b2:
  return 0
`);
});

test('an open block is a fault of the caller', () => {
  expect(() => new FunctionBuilder('open', 0).finish()).toThrow('block 0 of open has no terminator');
});

test('a value that does not reach its use is found', () => {
  const fn = sample();
  const stray = { kind: 'extend', dst: 2 as Value, value: 9 as Value, width: 8, signed: false } as const;
  const blocks = fn.blocks.map((block) =>
    block.id === 1 ? { ...block, instructions: [stray] } : { ...block, terminator: block.terminator },
  );
  expect(validate({ ...fn, blocks })).toEqual(['sample: b1[0]: %9 is not defined']);
});

test('pointers that may be null are compared with null only', () => {
  const builder = new FunctionBuilder('null', 0);
  const found = builder.callHelper('map_lookup_elem', [], { kind: 'map-value-or-null' });
  const [one, other] = [builder.block(), builder.block()];
  builder.branch({ op: 'ugt', left: found, right: 0n }, one, other);
  builder.enter(one);
  builder.return(0n);
  builder.enter(other);
  builder.return(0n);
  expect(validate(builder.finish())).toEqual(['null: b0: %0 may only be compared with null']);
});
