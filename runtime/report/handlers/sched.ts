/** `sched_switch` and `sched_wakeup`: `comm:pid [prio]`, and the names they tell. */
import type { EventField } from '../../../bpf/event-format.ts';
import { inPlace, readBytesText } from '../../../bpf/print-format/record.ts';
import type { EventCursor } from '../../recording/event-recording.ts';
import { type EventText, fieldOf, type HandlerTools, numberReader, numberReaders } from './handler.ts';

/** Bits of `prev_state` from the lowest (kernel `TASK_STATE_TO_CHAR_STR`, as trace-cmd knows it). */
const STATES = 'SDTtZXxW';

export function schedSwitch(tools: HandlerTools): EventText {
  const { event } = tools;
  const numbers = numberReaders(event, ['prev_pid', 'next_pid', 'prev_prio', 'prev_state', 'next_prio']);
  const prevComm = fieldOf(event, 'prev_comm');
  const nextComm = fieldOf(event, 'next_comm');
  if (numbers === undefined || prevComm === undefined || nextComm === undefined) return tools.pretty;
  return (record) => {
    const prev = taskText(tools, record, prevComm, numbers.prev_pid(record));
    const next = taskText(tools, record, nextComm, numbers.next_pid(record));
    const prevPrio = BigInt.asIntN(32, numbers.prev_prio(record));
    const nextPrio = BigInt.asIntN(32, numbers.next_prio(record));
    const state = stateText(Number(BigInt.asUintN(32, numbers.prev_state(record))));
    return `${prev} [${prevPrio}] ${state} ==> ${next} [${nextPrio}]`;
  };
}

export function schedWakeup(tools: HandlerTools): EventText {
  const { event } = tools;
  const numbers = numberReaders(event, ['pid', 'prio', 'target_cpu']);
  const comm = fieldOf(event, 'comm');
  if (numbers === undefined || comm === undefined) return tools.pretty;
  const success = numberReader(event, 'success');
  return (record) => {
    const task = taskText(tools, record, comm, numbers.pid(record));
    const succeeded = success === undefined ? '' : ` success=${success(record)}`;
    const cpu = numbers.target_cpu(record).toString().padStart(3, '0');
    return `${task} [${numbers.prio(record)}]${succeeded} CPU:${cpu}`;
  };
}

function taskText(tools: HandlerTools, record: EventCursor, comm: EventField, pid: bigint): string {
  const name = readBytesText(record, inPlace(record, comm));
  tools.names.learn(Number(BigInt.asIntN(32, pid)), name);
  return `${name}:${pid}`;
}

function stateText(state: number): string {
  let text = '';
  for (let bit = 0; bit < STATES.length; bit++) {
    if ((state & (1 << bit)) !== 0) text += text === '' ? STATES[bit] : `|${STATES[bit]}`;
  }
  return text === '' ? 'R' : text;
}
