/**
 * Which of a file's events stands for an attach point that is no tracepoint. Their samples say that and when the event
 * happened; the registers a program of such an event could read were not recorded, so its context is zeros.
 */
import type { AttachPoint } from '../../../bpf/attach-point.ts';
import { canonicalName, EVENT_TYPE, type EventAttr, genericName, SAMPLE } from './event-attr.ts';
import type { IndexedEvent } from './event-index.ts';

/** Periodic events, the best stand-in for a timer first. */
const PERIODIC = ['cpu-clock', 'cpu-cycles', 'task-clock'] as const;
const PROFILE_TYPES: readonly number[] = [EVENT_TYPE.software, EVENT_TYPE.hardware];

/** `profile` is an event that samples every CPU by time, however often it did. Undefined when there is none. */
export function findSampledEvent(
  events: readonly IndexedEvent[],
  point: AttachPoint,
): IndexedEvent | undefined {
  switch (point.kind) {
    case 'software':
      return named(events, EVENT_TYPE.software, point.event);
    case 'hardware':
      return named(events, EVENT_TYPE.hardware, point.event);
    case 'watchpoint':
      return events.find(
        ({ attr }) => attr.type === EVENT_TYPE.breakpoint && attr.breakpoint.address === point.address,
      );
    case 'profile':
      return periodic(events);
    default:
      return undefined;
  }
}

/** `cpu-clock, 4000 times a second`: what an event's samples stand for; undefined for tracepoints. */
export function samplingOf(events: readonly IndexedEvent[], eventId: number): string | undefined {
  const event = events.find((one) => one.eventId === eventId);
  if (event === undefined || event.attr.type === EVENT_TYPE.tracepoint) return undefined;
  const { freq, period } = event.attr;
  const name = event.name || genericName(event.attr) || `event ${event.index}`;
  if (period === 0) return `${name}, counted with its group`;
  return freq ? `${name}, ${period} times a second` : `${name}, every ${period}`;
}

function named(events: readonly IndexedEvent[], type: number, name: string): IndexedEvent | undefined {
  const wanted = canonicalName(name);
  return events.find(({ attr }) => attr.type === type && genericName(attr) === wanted && isSampled(attr));
}

/** Events without a period of their own are sampled when the leader of their group is. */
function isSampled({ period, sampleType }: EventAttr): boolean {
  return period > 0 || (sampleType & SAMPLE.read) !== 0;
}

function periodic(events: readonly IndexedEvent[]): IndexedEvent | undefined {
  for (const name of PERIODIC) {
    for (const type of PROFILE_TYPES) {
      const found = named(events, type, name);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
