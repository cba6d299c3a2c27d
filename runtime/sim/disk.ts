/** The disk: requests pass the block layer's tracepoints, wait for a free slot of the device, and complete by interrupt. */
import { type Latency, sample } from './latency.ts';
import type { Random } from './random.ts';
import { BLOCKED, type Cpu, type Task, TaskState } from './task.ts';
import type { BlockRequest } from './trace/kernel.ts';
import type { World } from './world.ts';

const READ: Latency = { median: 92_000, spread: 110, tail: { chance: 900, factor: 14 } };
const WRITE: Latency = { median: 160_000, spread: 120, tail: { chance: 1300, factor: 12 } };
const FLUSH: Latency = { median: 640_000, spread: 130, tail: { chance: 1600, factor: 9 } };
const SLOTS = 8;
const DISK_IRQ = 27;
const IRQ_NAME: Uint8Array = new TextEncoder().encode('virtio0-req.0');

export class Disk {
  private readonly world: World;
  private readonly random: Random;
  private busy = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(world: World, random: Random) {
    this.world = world;
    this.random = random;
  }

  /** Does one request and waits for it, uninterruptibly. */
  *transfer(task: Task, request: BlockRequest): Generator<number, void, void> {
    const { world } = this;
    const cpu = world.cpuOf(task);
    world.trace.blockQueue(cpu, request);
    yield 900;
    let done = false;
    this.submit(world.cpuOf(task), request, (irqCpu) => {
      done = true;
      world.scheduler.wake(task, irqCpu);
    });
    while (!done) {
      task.state = TaskState.UNINTERRUPTIBLE;
      yield BLOCKED;
    }
    yield 700;
  }

  private submit(cpu: Cpu, request: BlockRequest, onDone: (cpu: Cpu) => void): void {
    const { world } = this;
    world.trace.blockInsert(cpu, request);
    const start = (): void => {
      this.busy++;
      world.trace.blockIssue(cpu, request);
      world.queue.after(sample(kindOf(request), this.random) + request.sectors * 170, () => {
        this.busy--;
        world.trace.irqEntry(cpu, DISK_IRQ, IRQ_NAME);
        world.trace.blockComplete(cpu, request);
        onDone(cpu);
        world.trace.irqExit(cpu, DISK_IRQ);
        this.waiting.shift()?.();
      });
    };
    if (this.busy < SLOTS) start();
    else this.waiting.push(start);
  }
}

function kindOf(request: BlockRequest): Latency {
  if (request.rwbs.startsWith('F')) return FLUSH;
  return request.rwbs.startsWith('R') ? READ : WRITE;
}
