/**
 * Lines of `perf script`: of the columns comm, pid/tid, CPU, time, event and trace some may be left out by `-F`, and call
 * chains follow in lines of their own:
 *
 *        bash   123/124   [001] d..2. 19.158247:   raw_syscalls:sys_enter: NR 1 (8, ...)
 *             ffffffff81001234 do_syscall_64+0x4 ([kernel.kallsyms])
 */
import { parseTime, type ReadLine, type TextFrame, type TextLine } from './text-line.ts';

const HEAD_LENGTH = 300;
const HEAD =
  /^ *(?:(\S(?:.{0,38}?\S)?) +)?(\d{1,10}|-1)(?:\/(\d{1,10}|-1))? +(?:\[(\d{1,5})\] +)?(?:[.dXDbB][.NnpLlBb][.A-Za-z][.0-9a-f]{1,3} +)?(\d{1,12})\.(\d{6,9}): +(?:\d{1,20} +)?(?:([\w-]+):)?([\w./=-]+): ?/;
const FRAME = /^\s+([0-9a-f]{1,16}) (.*?) *(?:\(([^()]*)\))?$/;
const SYMBOL = /^(.+)\+0x([0-9a-f]{1,16})$/;

/** Of 64-bit machines, the upper half. */
const KERNEL_SPACE = 0xffff_8000_0000_0000n;

export function readPerfScriptLine(line: string): ReadLine {
  const head = HEAD.exec(line.slice(0, HEAD_LENGTH));
  if (head !== null) return { kind: 'event', line: eventOf(head, line.slice(head[0].length)) };
  if (line.startsWith('#')) return { kind: 'comment', text: line };
  if (line.trim() === '') return { kind: 'blank' };
  const frame = FRAME.exec(line.slice(0, HEAD_LENGTH));
  if (frame === null) return { kind: 'unknown' };
  return { kind: 'frame', frame: frameOf(frame) };
}

function frameOf([, digits, text, dso]: RegExpExecArray): TextFrame {
  const address = BigInt(`0x${digits}`);
  const symbol = SYMBOL.exec(text ?? '');
  return {
    address,
    kernel: address >= KERNEL_SPACE,
    ...(symbol === null ? {} : { symbol: { name: symbol[1]!, offset: BigInt(`0x${symbol[2]}`) } }),
    ...(dso === undefined ? {} : { dso }),
  };
}

function eventOf(head: RegExpExecArray, text: string): TextLine {
  const [, comm, first, second, cpu, whole, fraction, system, event] = head;
  const tid = Number(second ?? first);
  return {
    comm: comm === undefined || /^:-?\d+$/.test(comm) ? undefined : comm,
    tid,
    tgid: second === undefined ? -1 : Number(first),
    cpu: cpu === undefined ? -1 : Number(cpu),
    flags: 0,
    preemptCount: 0,
    time: parseTime(whole!, fraction),
    system: system ?? '',
    event: event!,
    text,
  };
}
