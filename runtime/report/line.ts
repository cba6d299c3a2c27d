/** The columns of a report's line before the event: task, CPU, latency flags, time. */
import type { EventFormat } from '../../bpf/event-format.ts';
import { readSmall } from '../../bpf/print-format/record.ts';
import type { EventCursor } from '../recording/event-recording.ts';

export type TimeStyle = 'microseconds' | 'nanoseconds' | 'counter';

const NANOSECONDS_IN_SECOND = 1_000_000_000;

/** ` seconds.fraction:`, or the clock's own count. */
export function timeText(record: EventCursor, style: TimeStyle): string {
  if (style === 'counter') return `${exactTime(record).toString().padStart(12)}:`;
  // Doubles are exact up to 104 days of uptime, when adding and dividing too.
  const time = record.time;
  if (time > 2 ** 52) return exactText(exactTime(record), style);
  if (style === 'nanoseconds') {
    const seconds = Math.floor(time / NANOSECONDS_IN_SECOND);
    return fraction(seconds, String(time - seconds * NANOSECONDS_IN_SECOND), 9);
  }
  const micros = Math.floor((time + 500) / 1000);
  const seconds = Math.floor(micros / 1e6);
  return fraction(seconds, String(micros - seconds * 1e6), 6);
}

function exactText(time: bigint, style: 'microseconds' | 'nanoseconds'): string {
  const digits = style === 'nanoseconds' ? 9 : 6;
  const units = style === 'nanoseconds' ? time : BigInt.asUintN(64, time + 500n) / 1000n;
  const second = BigInt(10 ** digits);
  return fraction(units / second, String(units % second), digits);
}

function fraction(seconds: number | bigint, rest: string, digits: number): string {
  return ` ${String(seconds).padStart(5)}.${rest.padStart(digits, '0')}:`;
}

function exactTime(record: EventCursor): bigint {
  return (BigInt(record.timeHigh >>> 0) << 32n) | BigInt(record.timeLow >>> 0);
}

export function taskText(name: string, tid: number, cpu: number, latency: boolean): string {
  if (latency) return `${name.slice(0, 8).padStart(8)}-${String(tid).padEnd(5)} ${String(cpu).padStart(3)}`;
  return `${name.padStart(16)}-${String(tid).padEnd(5)} [${String(cpu).padStart(3, '0')}]`;
}

const IRQS_OFF = 1;
const IRQS_NOT_TRACED = 2;
const NEED_RESCHED = 4;
const HARD_IRQ = 8;
const SOFT_IRQ = 16;

/** Where the common fields of latency are; offsets of absent ones are undefined. */
export interface LatencyFields {
  readonly flags: number | undefined;
  readonly preemptCount: number | undefined;
}

export function latencyFields(format: EventFormat | undefined): LatencyFields {
  const offsetOf = (name: string): number | undefined =>
    format?.fields.find((field) => field.name === name && field.size === 1)?.offset;
  return { flags: offsetOf('common_flags'), preemptCount: offsetOf('common_preempt_count') };
}

/** Interrupts off, rescheduling due, in an interrupt, depth of preemption and of migration being disabled. */
export function latencyText(record: EventCursor, fields: LatencyFields): string {
  const flags = fields.flags === undefined ? 0 : readSmall(record, fields.flags, 1);
  const count = fields.preemptCount === undefined ? 0 : readSmall(record, fields.preemptCount, 1);
  const irqs = (flags & IRQS_OFF) !== 0 ? 'd' : (flags & IRQS_NOT_TRACED) !== 0 ? 'X' : '.';
  const resched = (flags & NEED_RESCHED) !== 0 ? 'N' : '.';
  const preempt = (count & 0xf) === 0 ? '.' : (count & 0xf).toString(16);
  const migrate = (count & 0xf0) === 0 ? '.' : (count >> 4).toString(16);
  return irqs + resched + interruptText(flags) + preempt + migrate;
}

function interruptText(flags: number): string {
  const hard = (flags & HARD_IRQ) !== 0;
  const soft = (flags & SOFT_IRQ) !== 0;
  if (hard) return soft ? 'H' : 'h';
  return soft ? 's' : '.';
}
