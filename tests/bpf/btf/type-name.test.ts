import { describe, expect, it } from 'vitest';
import { BtfBuilder } from '../../../bpf/btf/builder.ts';
import type { TypeId } from '../../../bpf/btf/type.ts';
import { typeName } from '../../../bpf/btf/type-name.ts';

const builder = new BtfBuilder();
const int = builder.addInt('int', 4, { signed: true });
const char = builder.addInt('char', 1, { signed: true });
const task = builder.addStruct('task_struct', 0, []);
const taskPointer = builder.addPointer(task);
const voidPointer = builder.addPointer(0);
const prototype = builder.addPrototype(int, [{ name: 'data', type: voidPointer }]);
const callback = builder.addPointer(prototype);
const array = builder.addArray(char, int, 16);
const printf = builder.addPrototype(int, [
  { name: 'format', type: builder.addPointer(builder.addConst(char)) },
  { name: '', type: 0 },
]);

const cases: [string, TypeId, string?][] = [
  ['void', 0],
  ['int', int],
  ['struct task_struct *', taskPointer],
  ['int (*)(void *)', callback],
  ['char[16]', array],
  ['char comm[16]', array, 'comm'],
  ['int (*handler)(void *)', callback, 'handler'],
  ['const char *const', builder.addConst(builder.addPointer(builder.addConst(char)))],
  ['const char *const name', builder.addConst(builder.addPointer(builder.addConst(char))), 'name'],
  ['char (*)[16]', builder.addPointer(array)],
  ['char *[16]', builder.addArray(builder.addPointer(char), int, 16)],
  ['char x[3][16]', builder.addArray(array, int, 3), 'x'],
  ['int (*[3])(void *)', builder.addArray(callback, int, 3)],
  ['int (*(*)(void))(void *)', builder.addPointer(builder.addPrototype(callback, []))],
  ['int[]', builder.addArray(int, int, 0)],
  ['struct task_struct __rcu *', builder.addPointer(builder.addTypeTag('rcu', task))],
  ['int printk(const char *, ...)', builder.addFunction('printk', printf, 'global')],
  ['struct {...}', builder.addStruct('', 4, [])],
  ['union u *', builder.addPointer(builder.addForward('u', 'union'))],
  ['enum e', builder.addEnum('e', [])],
  ['pid_t', builder.addTypedef('pid_t', int)],
  ['volatile int', builder.addVolatile(int)],
  ['char *const volatile p', builder.addConst(builder.addVolatile(builder.addPointer(char))), 'p'],
  ['void exit(int)', builder.addVolatile(builder.addPrototype(0, [{ name: 'code', type: int }])), 'exit'],
  ['int counter', builder.addVariable('counter', int, 'global')],
];
const circle = builder.reserve();
builder.define(circle, { kind: 'ptr', type: circle });
const itself = builder.reserve();
const many = Array.from({ length: 50 }, () => ({ name: '', type: itself }));
builder.define(itself, { kind: 'func_proto', returns: 0, parameters: many });
const btf = builder.build();

describe('typeName', () => {
  it.each(cases)('%s', (text, id, name) => {
    expect(typeName(btf, id, name)).toBe(text);
  });

  it('comes to an end where pointers go in circles', () => {
    expect(typeName(btf, circle)).toMatch(/^… \*+$/);
    expect(typeName(btf, itself).length).toBeLessThan(2000);
  });
});
