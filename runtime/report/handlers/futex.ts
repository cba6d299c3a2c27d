/** `sys_enter_futex` with its operation by name and only the arguments it uses. */
import { type EventText, type HandlerTools, numberReaders } from './handler.ts';

type Style = 'hex' | 'decimal' | undefined;

interface Operation {
  readonly name: string;
  readonly val: Style;
  /** The fourth argument is a timeout or a second number. */
  readonly fourth: 'utime' | 'val2' | undefined;
  readonly uaddr2: boolean;
  readonly val3: boolean;
}

function operation(
  name: string,
  val: Style,
  fourth: Operation['fourth'],
  uaddr2: boolean,
  val3: boolean,
): Operation {
  return { name: `FUTEX_${name}`, val, fourth, uaddr2, val3 };
}

/** By number (`include/uapi/linux/futex.h`). */
const OPERATIONS: readonly Operation[] = [
  operation('WAIT', 'hex', 'utime', false, false),
  operation('WAKE', 'decimal', undefined, false, false),
  operation('FD', 'decimal', undefined, false, false),
  operation('REQUEUE', 'decimal', 'val2', true, false),
  operation('CMP_REQUEUE', 'decimal', 'val2', true, true),
  operation('WAKE_OP', 'decimal', 'val2', true, true),
  operation('LOCK_PI', undefined, 'utime', false, false),
  operation('UNLOCK_PI', undefined, undefined, false, false),
  operation('TRYLOCK_PI', undefined, undefined, false, false),
  operation('WAIT_BITSET', 'hex', 'utime', false, true),
  operation('WAKE_BITSET', 'decimal', undefined, false, true),
  operation('WAIT_REQUEUE_PI', 'hex', 'utime', true, true),
  operation('CMP_REQUEUE_PI', 'decimal', 'val2', true, true),
];

const PRIVATE = 128n;
const CLOCK_REALTIME = 256n;

export function futex(tools: HandlerTools): EventText {
  const numbers = numberReaders(tools.event, ['uaddr', 'op', 'val', 'utime', 'uaddr2', 'val3']);
  if (numbers === undefined) return tools.pretty;
  return (record) => {
    const op = numbers.op(record);
    const command = op & ~(PRIVATE | CLOCK_REALTIME);
    const known = command < 13n ? OPERATIONS[Number(command)] : undefined;
    if (known === undefined) return tools.pretty(record);
    let text = `op=${known.name}`;
    if ((op & PRIVATE) !== 0n) text += '|FUTEX_PRIVATE_FLAG';
    if ((op & CLOCK_REALTIME) !== 0n) text += '|FUTEX_CLOCK_REALTIME';
    text += ` uaddr=${hex(numbers.uaddr(record))}`;
    if (known.val === 'hex') text += ` val=${hex(numbers.val(record))}`;
    if (known.val === 'decimal') text += ` val=${numbers.val(record)}`;
    if (known.fourth === 'utime') text += ` utime=${hex(numbers.utime(record))}`;
    if (known.fourth === 'val2') text += ` val2=${numbers.utime(record)}`;
    if (known.uaddr2) text += ` uaddr2=${hex(numbers.uaddr2(record))}`;
    if (known.val3) text += ` val3=${hex(numbers.val3(record))}`;
    return text;
  };
}

function hex(value: bigint): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}
