/** A small kernel with everything that a snapshot can hold. */
import { type Btf, BtfBuilder } from '../../../bpf/btf/index.ts';
import { type KernelSnapshot, writeSnapshot } from '../../../runtime/snapshot/index.ts';

export function smallBtf(littleEndian = true): Btf {
  const builder = new BtfBuilder();
  const int = builder.add({
    kind: 'int',
    name: 'int',
    size: 4,
    signed: true,
    encoding: 'plain',
    bits: 32,
    bitOffset: 0,
  });
  const long = builder.add({
    kind: 'int',
    name: 'long',
    size: 8,
    signed: true,
    encoding: 'plain',
    bits: 64,
    bitOffset: 0,
  });
  const task = builder.reserve();
  const pointer = builder.addPointer(task);
  builder.define(task, {
    kind: 'struct',
    name: 'task',
    size: 40,
    members: [
      { name: 'pid', type: int, bitOffset: 0, bitSize: 3 },
      { name: 'flags', type: int, bitOffset: 3, bitSize: 5 },
      { name: 'parent', type: pointer, bitOffset: 64, bitSize: 0 },
      {
        name: '',
        type: builder.addUnion('', 8, [{ name: 'pid', type: long, bitOffset: 0 }]),
        bitOffset: 128,
        bitSize: 0,
      },
      { name: 'comm', type: builder.addArray(int, int, 4), bitOffset: 192, bitSize: 0 },
    ],
  });
  builder.addEnum(
    'state',
    [
      { name: 'RUNNING', value: 0n },
      { name: 'DEAD', value: -1n },
    ],
    4,
    true,
  );
  builder.addFloat('double', 8);
  builder.addForward('file', 'struct');
  const prototype = builder.addPrototype(0, [
    { name: '', type: builder.addPointer(0) },
    { name: '', type: pointer },
    { name: '', type: int },
  ]);
  builder.addTypedef('btf_trace_task_start', builder.addPointer(prototype));
  const traced = builder.addPrototype(int, [
    { name: '__data', type: builder.addPointer(0) },
    { name: 'task', type: pointer },
    { name: '', type: int },
  ]);
  builder.addFunction('__traceiter_task_start', traced, 'static');
  const variable = builder.addVariable('current_task', pointer, 'global');
  builder.addDataSection('.data..percpu', 8, [{ type: variable, offset: 0, size: 8 }]);
  builder.addDeclTag('kfunc', builder.addFunction('pick', builder.addPrototype(long, []), 'global'));
  builder.addTypeTag('rcu', builder.addConst(builder.addVolatile(int)));
  return builder.build({ littleEndian });
}

export function moduleBtf(base: Btf): Btf {
  const builder = new BtfBuilder({ base });
  const inode = builder.addStruct('xfs_inode', 16, [
    { name: 'task', type: base.find('task', 'struct') ?? 0, bitOffset: 0 },
    { name: 'pid', type: base.find('int', 'int') ?? 0, bitOffset: 64 },
  ]);
  const prototype = builder.addPrototype(0, [
    { name: '', type: builder.addPointer(0) },
    { name: '', type: builder.addPointer(inode) },
  ]);
  builder.addTypedef('btf_trace_xfs_start', builder.addPointer(prototype));
  return builder.build();
}

const COMMON = [
  'unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;',
  'unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;',
  'unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;',
  'int common_pid;\toffset:4;\tsize:4;\tsigned:1;',
];

export function formatText(name: string, id: number): string {
  const own = [
    'int pid;\toffset:8;\tsize:4;\tsigned:1;',
    '__data_loc char[] comm;\toffset:12;\tsize:4;\tsigned:0;',
  ];
  const lines = [...COMMON, '', ...own].map((field) => (field === '' ? '' : `\tfield:${field}`));
  return `name: ${name}\nID: ${id}\nformat:\n${lines.join('\n')}\n\nprint fmt: "a=%d\n", REC->pid\n`;
}

export function smallSnapshot(kernel?: KernelSnapshot): Uint8Array {
  if (kernel !== undefined) return writeSnapshot(kernel);
  const btf = smallBtf();
  return writeSnapshot({
    release: '6.18.2-test',
    architecture: 'x86_64',
    cpus: 4,
    btf: btf.bytes(),
    moduleBtf: new Map([['xfs', moduleBtf(btf).bytes()]]),
    formats: [
      { system: 'task', name: 'start', text: formatText('start', 12) },
      { system: 'sched', name: 'sched_start', text: formatText('sched_start', 11) },
      { system: 'sched', name: 'sched_exit', text: formatText('sched_exit', 10) },
    ],
    functions: [
      { name: 'vfs_readv' },
      { name: 'xfs_read', module: 'xfs' },
      { name: 'vfs_read' },
      { name: 'vfs_open' },
      { name: 'vfs_read' },
    ],
    syscalls: [
      { number: 257, name: 'openat' },
      { number: 0, name: 'read' },
    ],
  });
}
