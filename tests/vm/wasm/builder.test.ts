/** Modules of both back ends, binaryen's optimised or not: the engine accepts them, and they compute what was built. */
import { describe, expect, it } from 'vitest';
import { loadBinaryen } from '../../../vm/wasm/binaryen/load.ts';
import type { FunctionBuilder, FunctionType, ModuleBuilder, ValueType } from '../../../vm/wasm/builder.ts';
import { directModule } from '../../../vm/wasm/direct/module.ts';
import { I32, I64 } from '../../../vm/wasm/opcodes.ts';
import { type WasmFunction, wasm } from '../../../vm/wasm/platform.ts';

const BINARY: FunctionType = { params: ['i32', 'i32'], result: 'i32' };

const BACK_ENDS: readonly (readonly [name: string, newModule: () => ModuleBuilder])[] = [
  ['direct', directModule],
  ['binaryen', await loadBinaryen({ validate: true })],
  ['binaryen -O3', await loadBinaryen({ optimise: 3, validate: true })],
];

function compile(
  newModule: () => ModuleBuilder,
  params: readonly ValueType[],
  result: ValueType | undefined,
  body: (f: FunctionBuilder, m: ModuleBuilder) => void,
  imports: Record<string, unknown> = {},
  prepare: (m: ModuleBuilder) => void = () => {},
): WasmFunction {
  const m = newModule();
  prepare(m);
  const fn = m.declare('f', { params, result });
  const f = m.define(fn);
  body(f, m);
  f.finish();
  m.export('f', fn);
  const instance = new wasm.Instance(new wasm.Module(m.finish().bytes), { env: imports });
  return instance.exports.f!;
}

describe.each(BACK_ENDS)('a module by %s', (name, newModule) => {
  it('loops, branches and keeps locals', () => {
    const sum = compile(newModule, ['i32'], 'i32', (f) => {
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
    const constant = compile(newModule, [], 'i64', (f) =>
      f.return(f.i64(Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n)))),
    );
    expect(constant()).toBe(value);
  });

  it('accesses an imported memory at any alignment and offset', () => {
    const memory = new wasm.Memory({ initial: 2, maximum: 2 });
    const swap = compile(
      newModule,
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
    const m = newModule();
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
    const pick = compile(newModule, ['i32'], 'i32', (f, m) => {
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

  it('tells which instruction trapped', () => {
    const m = newModule();
    m.importMemory({ initial: 1, maximum: 1 });
    const fn = m.declare('f', { params: ['i32'], result: 'i32' });
    const f = m.define(fn);
    const sum = f.local('i32');
    for (const tag of [7, 8, 9, 1000]) {
      f.mark(tag);
      f.set(sum, f.binary(I32.xor, f.get(sum), f.load(I32.load, f.get(f.param(0)), tag)));
      f.if(f.binary(I32.eq, f.get(f.param(0)), f.i32(tag)));
      f.unreachable();
      f.end();
    }
    f.return(f.get(sum));
    f.finish();
    m.export('f', fn);
    const { bytes, marks } = m.finish();
    const memory = new wasm.Memory({ initial: 1, maximum: 1 });
    const { exports } = new wasm.Instance(new wasm.Module(bytes), { env: { memory } });
    const trapAt = (argument: number): number | undefined => {
      try {
        exports.f!(argument);
      } catch (error) {
        const offset = Number(/:(0x[0-9a-f]+)/.exec((error as Error).stack!)![1]);
        return marks.findLast((mark) => mark.offset <= offset)?.tag;
      }
      return undefined;
    };
    expect(marks.map(({ offset }) => offset)).toEqual(
      marks.map(({ offset }) => offset).sort((a, b) => a - b),
    );
    expect([8, 1000, 5, 65536 - 10, 65536 - 1003].map(trapAt)).toEqual([8, 1000, undefined, 7, 1000]);
  });

  it('has every instruction of the table', () => {
    const m = newModule();
    m.importMemory({ initial: 1, maximum: 1 });
    const wide = (op: string): boolean => /^(store|load)/.test(op);
    for (const [rows, own] of [
      [I32, 'i32'],
      [I64, 'i64'],
    ] as const) {
      for (const [op, code] of Object.entries(rows)) {
        const fn = m.declare(`${own}.${op}`, { params: [], result: undefined });
        const f = m.define(fn);
        const zero = (type: ValueType = own) => (type === 'i32' ? f.i32(8) : f.i64(9, 0));
        const from = op === 'wrap_i64' ? 'i64' : op.startsWith('extend_i32') ? 'i32' : own;
        if (op.startsWith('store')) f.store(code as never, zero('i32'), zero(), 1);
        else if (wide(op)) f.drop(f.load(code as never, zero('i32'), 1));
        else if (/^(eqz|clz|ctz|popcnt|wrap|extend)/.test(op)) f.drop(f.unary(code as never, zero(from)));
        else f.drop(f.binary(code as never, zero(), zero()));
        f.finish();
        m.export(`${own}.${op}`, fn);
      }
    }
    const memory = new wasm.Memory({ initial: 1, maximum: 1 });
    const { exports } = new wasm.Instance(new wasm.Module(m.finish().bytes), { env: { memory } });
    for (const fn of Object.values(exports)) fn();
    expect(Object.keys(exports).length).toBe(Object.keys(I32).length + Object.keys(I64).length);
  });

  it('branches out of an if, and past an else', () => {
    const pick = compile(newModule, ['i32'], 'i32', (f) => {
      const result = f.local('i32');
      const label = f.if(f.get(f.param(0)));
      f.set(result, f.i32(1));
      f.brIf(label, f.binary(I32.eq, f.get(f.param(0)), f.i32(1)));
      f.set(result, f.i32(2));
      f.else();
      f.set(result, f.i32(3));
      f.end();
      f.return(f.get(result));
    });
    expect([pick(1), pick(2), pick(0)]).toEqual([1, 2, 3]);
  });

  it('refuses branches and ends that have no block', () => {
    if (name === 'direct') return;
    expect(() => compile(newModule, [], undefined, (f) => f.end())).toThrow(/no block is open/);
    expect(() => compile(newModule, [], undefined, (f) => void f.block())).toThrow(/1 blocks are not ended/);
  });
});

describe('binaryen', () => {
  const constant = (m: ModuleBuilder, add: (f: FunctionBuilder) => void): void => {
    const fn = m.declare('f', { params: [], result: 'i32' });
    const f = m.define(fn);
    add(f);
    f.finish();
    m.export('f', fn);
  };

  it('folds, and gives text', async () => {
    const module = (await loadBinaryen({ optimise: 2, text: true }))();
    constant(module, (f) => f.return(f.binary(I32.mul, f.i32(6), f.i32(7))));
    expect(module.finish().text).toMatch(/\(i32\.const 42\)/);
  });

  it('says that a module is not valid', async () => {
    const module = (await loadBinaryen({ validate: true }))();
    constant(module, (f) => f.return(f.i64(1, 0)));
    expect(() => module.finish()).toThrow(/binaryen refuses the module/);
  });
});

describe('binaryen, with much nesting', () => {
  it.each([
    [1000, 2],
    [20_000, 0],
  ] as const)('builds %d blocks at level %d', async (depth, optimise) => {
    const module = (await loadBinaryen({ optimise }))();
    const fn = module.declare('f', BINARY);
    const f = module.define(fn);
    const labels = Array.from({ length: depth }, () => f.block());
    f.brTable(labels, labels[0]!, f.get(f.param(0)));
    for (let i = 0; i < depth; i++) {
      f.end();
      f.set(f.param(1), f.binary(I32.add, f.get(f.param(1)), f.i32(1)));
    }
    f.return(f.get(f.param(1)));
    f.finish();
    module.export('f', fn);
    const { exports } = new wasm.Instance(new wasm.Module(module.finish().bytes));
    expect(exports.f!(0, 5)).toBe(6);
    expect(exports.f!(depth - 1, 5)).toBe(depth + 5);
  });
});

describe('direct', () => {
  it('says when a value is left over', () => {
    expect(() =>
      compile(directModule, [], undefined, (f) => {
        f.i32(1);
        f.block();
      }),
    ).toThrow(/1 values are left/);
  });
});
