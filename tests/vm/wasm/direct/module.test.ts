/** Modules encoded directly: the engine accepts them, and they compute what was built. */
import { describe, expect, it } from 'vitest';
import type { FunctionBuilder, FunctionType, ModuleBuilder, ValueType } from '../../../../vm/wasm/builder.ts';
import { directModule } from '../../../../vm/wasm/direct/module.ts';
import { I32, I64 } from '../../../../vm/wasm/opcodes.ts';
import { type WasmFunction, wasm } from '../../../../vm/wasm/platform.ts';

const BINARY: FunctionType = { params: ['i32', 'i32'], result: 'i32' };

function compile(
  params: readonly ValueType[],
  result: ValueType | undefined,
  body: (f: FunctionBuilder, m: ModuleBuilder) => void,
  imports: Record<string, unknown> = {},
  prepare: (m: ModuleBuilder) => void = () => {},
): WasmFunction {
  const m = directModule();
  prepare(m);
  const fn = m.declare('f', { params, result });
  const f = m.define(fn);
  body(f, m);
  f.finish();
  m.export('f', fn);
  const instance = new wasm.Instance(new wasm.Module(m.finish().bytes), { env: imports });
  return instance.exports.f!;
}

describe('a module encoded directly', () => {
  it('loops, branches and keeps locals', () => {
    const sum = compile(['i32'], 'i32', (f) => {
      const n = f.param(0);
      const total = f.local('i32');
      const out = f.block();
      const again = f.loop();
      f.brIf(out, f.unary(I32.eqz, f.get(n)));
      f.set(total, f.binary(I32.add, f.get(total), f.get(n)));
      f.set(n, f.binary(I32.sub, f.get(n), f.i32(1)));
      f.br(again);
      f.end();
      f.end();
      f.return(f.get(total));
    });
    expect(sum(100)).toBe(5050);
  });

  it.each([
    0n,
    1n,
    -1n,
    63n,
    64n,
    -64n,
    -65n,
    0x7fff_ffffn,
    0x8000_0000n,
    -0x8000_0000n,
    2n ** 62n,
    -(2n ** 63n),
  ])('has the constant %d', (value) => {
    const constant = compile([], 'i64', (f) =>
      f.return(f.i64(Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n)))),
    );
    expect(constant()).toBe(value);
  });

  it('accesses an imported memory at any alignment and offset', () => {
    const memory = new wasm.Memory({ initial: 2, maximum: 2 });
    const swap = compile(
      ['i32'],
      'i64',
      (f) => {
        const old = f.local('i64');
        f.set(old, f.load(I64.load, f.get(f.param(0)), 70000));
        f.store(I64.store32, f.get(f.param(0)), f.i64(-2, -1), 70000);
        f.copy(f.i32(16), f.binary(I32.add, f.get(f.param(0)), f.i32(70000)), f.i32(8));
        f.fill(f.i32(18), f.i32(7), f.i32(1));
        f.return(f.get(old));
      },
      { memory },
      (m) => m.importMemory({ initial: 2, maximum: 2 }),
    );
    const view = new DataView(memory.buffer);
    view.setBigInt64(70003, 0x0102_0304_0506_0708n, true);
    expect(swap(3)).toBe(0x0102_0304_0506_0708n);
    expect(view.getBigUint64(16, true)).toBe(0x0102_0304_ff07_fffen);
  });

  it('calls imports, its own functions and the table, also as tail calls', () => {
    const table = new wasm.Table({ element: 'anyfunc', initial: 4 });
    const m = directModule();
    m.importTable(1);
    const minus = m.importFunction('minus', BINARY);
    const twice = m.declare('twice', BINARY);
    const f = m.declare('f', BINARY);
    const calls = m.declare('calls', BINARY);
    const twiceBody = m.define(twice);
    const doubled = twiceBody.binary(I32.mul, twiceBody.get(twiceBody.param(0)), twiceBody.i32(2));
    twiceBody.returnCall(minus, [doubled, twiceBody.get(twiceBody.param(1))]);
    twiceBody.finish();
    const body = m.define(f);
    const slot = body.local('i32');
    body.set(slot, body.i32(3));
    body.if(body.tableIsNull(body.get(slot)));
    body.return(body.i32(-1));
    body.end();
    body.returnCallIndirect(BINARY, [body.get(body.param(0)), body.get(body.param(1))], body.get(slot));
    body.finish();
    const both = m.define(calls);
    const first = both.call(twice, [both.get(both.param(0)), both.get(both.param(1))]);
    const second = both.callIndirect(BINARY, [both.i32(1), both.i32(2)], both.i32(3));
    both.return(both.binary(I32.add, first, second));
    both.finish();
    for (const [name, fn] of Object.entries({ twice, f, calls })) m.export(name, fn);
    const minusImport = (a: number, b: number): number => a - b;
    const instance = new wasm.Instance(new wasm.Module(m.finish().bytes), {
      env: { table, minus: minusImport },
    });
    const { exports } = instance;
    expect(exports.f!(5, 3)).toBe(-1);
    table.set(3, exports.twice!);
    expect(exports.f!(5, 3)).toBe(7);
    expect(exports.calls!(5, 3)).toBe(7);
  });

  it('branches by tables and keeps globals', () => {
    const pick = compile(['i32'], 'i32', (f, m) => {
      const global = m.global('i32');
      f.setGlobal(global, f.binary(I32.add, f.getGlobal(global), f.i32(1)));
      const other = f.block();
      const one = f.block();
      const zero = f.block();
      f.brTable([zero, one], other, f.get(f.param(0)));
      f.end();
      f.return(f.i32(10));
      f.end();
      f.return(f.i32(20));
      f.end();
      f.return(f.select(f.getGlobal(global), f.i32(0), f.i32(1)));
    });
    expect([pick(0), pick(1), pick(2), pick(9)]).toEqual([10, 20, 3, 4]);
  });

  it('marks where code of an instruction begins', () => {
    const m = directModule();
    const fn = m.declare('f', { params: [], result: undefined });
    const f = m.define(fn);
    f.mark(7);
    f.drop(f.i32(1));
    f.mark(8);
    f.unreachable();
    f.finish();
    m.export('f', fn);
    const { bytes, marks } = m.finish();
    expect(marks.map(({ tag }) => tag)).toEqual([7, 8]);
    expect(bytes[marks[1]!.offset]).toBe(0);
    const instance = new wasm.Instance(new wasm.Module(bytes));
    let stack = '';
    try {
      instance.exports.f!();
    } catch (error) {
      stack = (error as Error).stack!;
    }
    expect(stack).toContain(`0x${marks[1]!.offset.toString(16)}`);
  });

  it('says when a value is left over', () => {
    expect(() =>
      compile([], undefined, (f) => {
        f.i32(1);
        f.block();
      }),
    ).toThrow(/1 values are left/);
  });
});
