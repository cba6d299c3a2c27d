/**
 * What will happen, in order of virtual time: a binary heap. Things due at the same time happen in the order in which
 * they were scheduled, so a run does not depend on how the heap is shaped.
 */

export class Timer {
  /** Virtual nanoseconds. */
  readonly time: number;
  readonly order: number;
  /** Absent once cancelled or fired. */
  action: (() => void) | undefined;

  constructor(time: number, order: number, action: () => void) {
    this.time = time;
    this.order = order;
    this.action = action;
  }

  get pending(): boolean {
    return this.action !== undefined;
  }

  /** Cancelled timers stay in the heap until their time and do nothing then. */
  cancel(): void {
    this.action = undefined;
  }
}

export class EventQueue {
  /** Virtual nanoseconds since the machine booted; whole, below 2^53. */
  now: number;
  private readonly heap: Timer[] = [];
  private scheduled = 0;

  constructor(start: number) {
    this.now = start;
  }

  after(delay: number, action: () => void): Timer {
    return this.at(this.now + delay, action);
  }

  at(time: number, action: () => void): Timer {
    const timer = new Timer(time < this.now ? this.now : time, this.scheduled++, action);
    this.rise(timer);
    return timer;
  }

  /** Lets the next thing happen unless it is later than `limit`. False when there was none; the clock then shows `limit`. */
  step(limit: number): boolean {
    for (;;) {
      const first = this.heap[0];
      if (first === undefined || first.time > limit) {
        if (limit > this.now) this.now = limit;
        return false;
      }
      this.removeFirst();
      const { action } = first;
      if (action === undefined) continue;
      first.action = undefined;
      this.now = first.time;
      action();
      return true;
    }
  }

  private rise(timer: Timer): void {
    const { heap } = this;
    let index = heap.length;
    heap.push(timer);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent]!;
      if (!isBefore(timer, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = timer;
  }

  private removeFirst(): void {
    const { heap } = this;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = index * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.time !== b.time ? a.time < b.time : a.order < b.order;
}
