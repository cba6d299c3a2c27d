import { describe, expect, it } from 'vitest';
import { writeFile } from './files.ts';
import { open } from './recordings.ts';
import { ByteWriter, type FileContent, formatText, USUAL_SHAPE } from './writer.ts';

const int = (name: string, offset: number): string =>
  `\tfield:pid_t ${name};\toffset:${offset};\tsize:4;\tsigned:1;\n`;
const comm = (name: string, offset: number): string =>
  `\tfield:char ${name}[16];\toffset:${offset};\tsize:16;\tsigned:0;\n`;
const long = (name: string, offset: number): string =>
  `\tfield:unsigned long ${name};\toffset:${offset};\tsize:8;\tsigned:0;\n`;

const FORMATS: Required<FileContent>['formats'] = {
  sched: [
    formatText(
      'sched_process_fork',
      1,
      comm('parent_comm', 8) + int('parent_pid', 24) + comm('child_comm', 28) + int('child_pid', 44),
    ),
    formatText(
      'sched_process_exec',
      2,
      `\tfield:__data_loc char[] filename;\toffset:8;\tsize:4;\tsigned:1;\n${int('pid', 12)}${int('old_pid', 16)}`,
    ),
    formatText('sched_wakeup', 6, comm('comm', 8) + int('pid', 24)),
  ],
  task: [
    formatText('task_newtask', 3, int('pid', 8) + comm('comm', 12) + long('clone_flags', 32)),
    formatText('task_rename', 7, int('pid', 8) + comm('oldcomm', 12) + comm('newcomm', 28)),
  ],
  syscalls: [
    formatText('sys_enter_clone', 4, long('clone_flags', 16)),
    formatText('sys_exit_clone', 5, long('ret', 16)),
  ],
};

const THREAD = 0x1_0000;

function start(id: number, tid: number): ByteWriter {
  return new ByteWriter(true).u16(id).u16(0).u32(tid);
}

const name = (text: string): Uint8Array => new TextEncoder().encode(text.padEnd(16, '\0'));

const fork = (parent: number, child: number): Uint8Array =>
  start(1, parent).bytes(name('parent')).u32(parent).bytes(name('child')).u32(child).done();
const exec = (pid: number, old: number, file: string): Uint8Array =>
  start(2, pid)
    .u32(20 + (file.length + 1) * 65536)
    .u32(pid)
    .u32(old)
    .string(file)
    .done();
const newtask = (parent: number, child: number, flags: number): Uint8Array =>
  start(3, parent).u32(child).bytes(name('new')).u32(0).u64(flags).done();
const clone = (tid: number, flags: number): Uint8Array => start(4, tid).u64(56).u64(flags).done();
const cloned = (tid: number): Uint8Array => start(5, tid).u64(56).u64(1).done();
const wakeup = (pid: number, text: string): Uint8Array => start(6, 0).bytes(name(text)).u32(pid).done();
const rename = (pid: number, text: string): Uint8Array =>
  start(7, pid).u32(pid).bytes(name('old')).bytes(name(text)).done();

/** The table after all these records. */
function learn(records: readonly Uint8Array[], tgids = '') {
  const events = records.map((bytes) => ({ delta: 1, record: bytes }));
  const saved = { id: 32, data: new TextEncoder().encode(`${tgids}\0`) };
  const content = {
    formats: FORMATS,
    options: [saved],
    buffers: [{ name: '', cpus: [[{ time: 1n, events }]] }],
  };
  const recording = open(writeFile(content, USUAL_SHAPE));
  const threads = recording.threads();
  const cursor = recording.cursor();
  while (cursor.next()) threads.observe(cursor);
  expect(recording.warnings).toEqual([]);
  return threads;
}

describe('processes', () => {
  it('are known for the first three and for what the file saved', () => {
    const threads = learn([], '100 90\n');
    expect([0, 1, 2, 3, 100].map((tid) => threads.tgidOf(tid))).toEqual([0, 1, 2, undefined, 90]);
  });

  it('follow from the flags of task_newtask', () => {
    const threads = learn([
      newtask(50, 60, 0),
      newtask(60, 61, THREAD),
      newtask(50, 51, THREAD),
      fork(60, 61),
    ]);
    expect([60, 61, 51].map((tid) => threads.tgidOf(tid))).toEqual([60, 60, undefined]);
  });

  it('follow from the clone a fork happens in', () => {
    const threads = learn([
      clone(60, 0x11),
      fork(60, 70),
      cloned(60),
      clone(70, THREAD),
      fork(70, 71),
      cloned(70),
    ]);
    expect([70, 71].map((tid) => threads.tgidOf(tid))).toEqual([70, 70]);
  });

  it('stay unknown where the fork does not say', () => {
    const threads = learn([fork(60, 70), clone(61, 0x11), cloned(61), fork(61, 72)], '60 60\n61 61\n');
    expect([70, 72].map((tid) => threads.tgidOf(tid))).toEqual([undefined, undefined]);
  });

  it('are forgotten when a thread id comes back without flags', () => {
    expect(learn([fork(60, 70)], '70 5\n').tgidOf(70)).toBeUndefined();
  });

  it('lead themselves after an exec and as children of kthreadd', () => {
    const threads = learn([exec(80, 81, '/bin/true'), fork(2, 90)], '81 80\n');
    expect([80, 81, 90].map((tid) => threads.tgidOf(tid))).toEqual([80, undefined, 90]);
  });
});

describe('names', () => {
  it('come from the file first, then from events', () => {
    const threads = learn([
      wakeup(10, 'other'),
      wakeup(200, 'woken'),
      wakeup(200, 'again'),
      rename(201, 'renamed'),
    ]);
    expect([10, 200, 201, 999].map((tid) => threads.commOf(tid, 0))).toEqual([
      'ten',
      'woken',
      'renamed',
      undefined,
    ]);
    expect(threads.commOf(0, 3)).toBe('swapper/3');
  });

  it('change with an exec, and pass to a child', () => {
    const threads = learn([exec(80, 80, '/usr/bin/a-name-longer-than-a-comm'), fork(80, 82)]);
    expect([threads.commOf(80, 0), threads.commOf(82, 0)]).toEqual(['a-name-longer-t', 'child']);
  });

  it('ignore texts that point outside the record', () => {
    const threads = learn([start(2, 80).u32(0xffff_0014).u32(80).u32(80).done()]);
    expect([threads.commOf(80, 0), threads.tgidOf(80)]).toEqual([undefined, 80]);
  });
});
