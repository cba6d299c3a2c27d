/** A line of the kernel's `trace_pipe` (kernel/trace/trace_output.c `trace_print_context`, `trace_print_lat_fmt`). */
import type { PrintkLine } from '../kernel.ts';
import type { ByteString } from './byte-string.ts';

const NEED_RESCHED = 4;
const HARD_IRQ = 8;
const SOFT_IRQ = 16;

/** `            bash-1234    [000] d..21   123.456789: bpf_trace_printk: text` with its line end. */
export function tracePipeLine(line: PrintkLine): ByteString {
  const { comm, tid, cpu, time, text } = line;
  const task = `${comm.padStart(16)}-${String(tid).padEnd(7)} [${String(cpu).padStart(3, '0')}]`;
  return `${task} ${stateText(line)} ${timeText(time)}: bpf_trace_printk: ${text}\n`;
}

/**
 * The event's own state, and on top of it that of a program that prints: interrupts are off, preemption is off by its
 * tracepoint and by the lock of the text, migration by the program.
 */
function stateText({ flags, preemptCount }: PrintkLine): string {
  const resched = (flags & NEED_RESCHED) === 0 ? '.' : 'N';
  const preempt = Math.min(15, (preemptCount & 15) + 2);
  const migrate = Math.min(15, (preemptCount >> 4) + 1);
  return `d${resched}${interruptText(flags)}${preempt.toString(16)}${migrate.toString(16)}`;
}

function interruptText(flags: number): string {
  const isSoft = (flags & SOFT_IRQ) !== 0;
  if ((flags & HARD_IRQ) !== 0) return isSoft ? 'H' : 'h';
  return isSoft ? 's' : '.';
}

/** Seconds with microseconds, rounded. */
function timeText(nanoseconds: number): string {
  const micros = Math.floor((nanoseconds + 500) / 1000);
  const seconds = Math.floor(micros / 1e6);
  return `${String(seconds).padStart(5)}.${String(micros - seconds * 1e6).padStart(6, '0')}`;
}
