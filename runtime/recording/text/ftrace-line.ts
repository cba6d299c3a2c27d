/**
 * Lines of the kernel's `trace` file (kernel `trace_print_context`) and of `trace-cmd report`, which has the same columns:
 *
 *               TASK-PID     (TGID)    CPU#  |||||  TIMESTAMP  FUNCTION
 *               init-1       (      1) [000] d..2.    25.151735: sched_switch: prev_comm=init ...
 */
import { parseTime, type ReadLine, type TextLine } from './text-line.ts';

/** The columns stand in the first characters; a task's name has at most 15. */
const HEAD_LENGTH = 200;
const HEAD =
  /^ *(.{0,40}?)-(\d{1,10}) +(?:\( *(\d{1,10}|-+)\) +)?\[(\d{1,5})\] +(?:([.dXDbB][.NnpLlBb][.A-Za-z][.0-9a-f]{1,3}) +)?(\d{1,20})(?:\.(\d{6,9}))?: /;
const LOST = /^CPU: ?(\d{1,5}) \[(?:LOST (\d{1,15}) EVENTS|(\d{1,15}) EVENTS DROPPED|EVENTS DROPPED)\]/;
const CALL = /^([\w.$]+)(?:\+0x[0-9a-f]+(?:\/0x[0-9a-f]+)?)?(?: \[\w+\])? <-([\w.$]+)/;
const SYSCALL_ENTER = /^sys_(\w+)\((.*)\)$/;
const SYSCALL_EXIT = /^sys_(\w+) -> (0x[0-9a-f]{1,16})$/;

export function readFtraceLine(line: string): ReadLine {
  if (line.startsWith('#')) return { kind: 'comment', text: line };
  const head = HEAD.exec(line.slice(0, HEAD_LENGTH));
  if (head !== null) return { kind: 'event', line: eventOf(head, line.slice(head[0].length)) };
  if (line.trim() === '') return { kind: 'blank' };
  const lost = LOST.exec(line);
  if (lost !== null) {
    return { kind: 'lost', cpu: Number(lost[1]), count: Number(lost[2] ?? lost[3] ?? -1) };
  }
  if (/^\s*=>/.test(line)) return { kind: 'frame', frame: { address: 0n, kernel: true } };
  return { kind: 'unknown' };
}

function eventOf(head: RegExpExecArray, rest: string): TextLine {
  const [, comm, tid, tgid, cpu, latency, whole, fraction] = head;
  const columns = {
    comm: comm === '<...>' ? undefined : comm!,
    tid: Number(tid),
    tgid: tgid === undefined || tgid.startsWith('-') ? -1 : Number(tgid),
    cpu: Number(cpu),
    flags: latency === undefined ? 0 : flagsOf(latency),
    preemptCount: latency === undefined ? 0 : preemptCountOf(latency),
    time: parseTime(whole!, fraction),
  };
  return { ...columns, ...bodyOf(rest) };
}

function bodyOf(rest: string): Pick<TextLine, 'system' | 'event' | 'text' | 'call'> {
  const call = CALL.exec(rest);
  if (call !== null) {
    return {
      system: 'ftrace',
      event: 'function',
      text: rest,
      call: { function: call[1]!, parent: call[2]! },
    };
  }
  const exit = SYSCALL_EXIT.exec(rest);
  if (exit !== null) return { system: 'syscalls', event: `sys_exit_${exit[1]}`, text: exit[2]! };
  const enter = SYSCALL_ENTER.exec(rest);
  if (enter !== null) return { system: 'syscalls', event: `sys_enter_${enter[1]}`, text: enter[2]! };
  const colon = rest.indexOf(':');
  const name = colon < 0 ? rest : rest.slice(0, colon);
  if (!/^[\w.]{1,80}$/.test(name)) return { system: '', event: '', text: rest };
  return { system: '', event: name, text: rest.slice(colon + 1).trimStart() };
}

const IRQS_OFF = 1;
const IRQS_NOT_TRACED = 2;
const NEED_RESCHED = 4;
const HARD_IRQ = 8;
const SOFT_IRQ = 16;

/** `dNh2.` (kernel `trace_print_lat_fmt`). */
function flagsOf(latency: string): number {
  let flags = 0;
  if (latency[0] === 'd' || latency[0] === 'D') flags |= IRQS_OFF;
  if (latency[0] === 'X') flags |= IRQS_NOT_TRACED;
  if (/[NnB]/.test(latency[1]!)) flags |= NEED_RESCHED;
  if (/[hHzZ]/.test(latency[2]!)) flags |= HARD_IRQ;
  if (/[sH]/.test(latency[2]!)) flags |= SOFT_IRQ;
  return flags;
}

/** Depth of preemption in the low four bits, of disabled migration above. */
function preemptCountOf(latency: string): number {
  const digit = (at: number): number => Number.parseInt(latency[at] ?? '', 16) || 0;
  return (digit(4) << 4) | digit(3);
}
