/** Tracepoints of system calls, tasks, signals, faults, interrupts and the block layer. */
import type { LinearAddress } from '../../../vm/address.ts';
import type { Cpu, Task } from '../task.ts';
import { kernelPointer, type TracePoint, type Tracer } from '../tracer.ts';
import type { TracePoints } from './points.ts';

/** One request to the disk. */
export interface BlockRequest {
  readonly sector: number;
  readonly sectors: number;
  /** Kind as blktrace writes it: `R`, `RA`, `W`, `WS`, ... */
  readonly rwbs: string;
}

/** virtio disk vda: major 254, minor 0, as the kernel encodes it (20 bits of minor). */
const DEVICE: number = 254 * 0x10_0000;
/** x86-64 `struct pt_regs`: where the six arguments, the number and the result are. */
const ARGUMENT_OFFSETS: readonly number[] = [112, 104, 96, 56, 72, 64];
const RESULT_OFFSET = 80;
const NUMBER_OFFSET = 120;
const REGISTERS_SIZE = 168;

export class KernelTrace {
  private readonly tracer: Tracer;
  private readonly points: TracePoints;
  private readonly registers: readonly LinearAddress[];

  constructor(tracer: Tracer, points: TracePoints, cpus: number) {
    this.tracer = tracer;
    this.points = points;
    this.registers = Array.from({ length: cpus }, () => tracer.memory.allocate(REGISTERS_SIZE, 'kernel'));
  }

  sysEnter(cpu: Cpu, task: Task, number: number, args: readonly number[]): void {
    const { tracer, points } = this;
    tracer.passed += 2;
    if (points.rawSysEnter.enabled) {
      const regs = this.registers[cpu.id]!;
      tracer.memory.bytes.fill(0, regs, regs + REGISTERS_SIZE);
      args.forEach((value, index) => {
        tracer.set64(regs + ARGUMENT_OFFSETS[index]!, value);
      });
      tracer.set64(regs + NUMBER_OFFSET, number);
      tracer.set64(regs + RESULT_OFFSET, -38);
      tracer.raw(points.rawSysEnter, cpu.id, task, [kernelPointer(regs), number]);
    }
    if (points.sysEnter.enabled) {
      const at = tracer.begin(points.sysEnter, cpu.id, task, 64);
      tracer.set64(at + 8, number);
      this.arguments(at + 16, args);
      tracer.commit(points.sysEnter, cpu.id, task, 64);
    }
    const point = points.enter[number];
    if (point === undefined || !point.enabled) return;
    const size = 16 + args.length * 8;
    const at = tracer.begin(point, cpu.id, task, size);
    tracer.memory.view.setInt32(at + 8, number, true);
    this.arguments(at + 16, args);
    tracer.commit(point, cpu.id, task, size);
  }

  sysExit(cpu: Cpu, task: Task, number: number, result: number): void {
    const { tracer, points } = this;
    tracer.passed += 2;
    if (points.rawSysExit.enabled) {
      const regs = this.registers[cpu.id]!;
      tracer.set64(regs + NUMBER_OFFSET, number);
      tracer.set64(regs + RESULT_OFFSET, result);
      tracer.raw(points.rawSysExit, cpu.id, task, [kernelPointer(regs), result]);
    }
    if (points.sysExit.enabled) this.result(points.sysExit, cpu, task, number, result);
    const point = points.exit[number];
    if (point?.enabled) this.result(point, cpu, task, number, result);
  }

  newtask(cpu: Cpu, child: Task, flags: number): void {
    const { tracer } = this;
    const point = this.points.taskNewtask;
    tracer.passed++;
    if (!point.enabled) return;
    const at = tracer.begin(point, cpu.id, cpu.current, 48);
    tracer.memory.view.setInt32(at + 8, child.tid, true);
    tracer.comm(at + 12, child);
    tracer.set64(at + 32, flags);
    tracer.commit(point, cpu.id, cpu.current, 48);
  }

  rename(cpu: Cpu, task: Task, name: Uint8Array): void {
    const { tracer } = this;
    const point = this.points.taskRename;
    tracer.passed++;
    if (!point.enabled) return;
    const at = tracer.begin(point, cpu.id, task, 48);
    tracer.memory.view.setInt32(at + 8, task.tid, true);
    tracer.comm(at + 12, task);
    tracer.memory.bytes.set(name, at + 28);
    tracer.commit(point, cpu.id, task, 48);
  }

  signalGenerate(cpu: Cpu, target: Task, signal: number, code: number, result: number): void {
    const { tracer } = this;
    const point = this.points.signalGenerate;
    tracer.passed++;
    if (!point.enabled) return;
    const at = tracer.begin(point, cpu.id, cpu.current, 48);
    const { view } = tracer.memory;
    view.setInt32(at + 8, signal, true);
    view.setInt32(at + 16, code, true);
    tracer.comm(at + 20, target);
    view.setInt32(at + 36, target.tid, true);
    view.setInt32(at + 40, 1, true);
    view.setInt32(at + 44, result, true);
    tracer.commit(point, cpu.id, cpu.current, 48);
  }

  signalDeliver(cpu: Cpu, task: Task, signal: number, code: number, handler: number): void {
    const { tracer } = this;
    const point = this.points.signalDeliver;
    tracer.passed++;
    if (!point.enabled) return;
    const at = tracer.begin(point, cpu.id, task, 40);
    tracer.memory.view.setInt32(at + 8, signal, true);
    tracer.memory.view.setInt32(at + 16, code, true);
    tracer.set64(at + 24, handler);
    // SA_RESTORER | SA_RESTART
    tracer.set64(at + 32, 0x1400_0000);
    tracer.commit(point, cpu.id, task, 40);
  }

  fault(cpu: Cpu, task: Task, address: number, code: number): void {
    const { tracer } = this;
    const point = this.points.pageFaultUser;
    tracer.passed++;
    if (!point.enabled) return;
    const at = tracer.begin(point, cpu.id, task, 32);
    tracer.set64(at + 8, address);
    tracer.set64(at + 16, 0x7f80_0040_0000 + (address % 0x1_0000));
    tracer.set64(at + 24, code);
    tracer.commit(point, cpu.id, task, 32);
  }

  irqEntry(cpu: Cpu, irq: number, name: Uint8Array): void {
    const { tracer } = this;
    const point = this.points.irqHandlerEntry;
    tracer.passed++;
    if (!point.enabled) return;
    const at = tracer.begin(point, cpu.id, cpu.current, 64);
    tracer.memory.view.setInt32(at + 8, irq, true);
    tracer.commit(point, cpu.id, cpu.current, tracer.text(at, 12, 16, name));
  }

  irqExit(cpu: Cpu, irq: number): void {
    const { tracer } = this;
    const point = this.points.irqHandlerExit;
    tracer.passed++;
    if (!point.enabled) return;
    const at = tracer.begin(point, cpu.id, cpu.current, 16);
    tracer.memory.view.setInt32(at + 8, irq, true);
    tracer.memory.view.setInt32(at + 12, 1, true);
    tracer.commit(point, cpu.id, cpu.current, 16);
  }

  softirq(cpu: Cpu, step: 'raise' | 'entry' | 'exit', vector: number): void {
    const { tracer, points } = this;
    const point = { raise: points.softirqRaise, entry: points.softirqEntry, exit: points.softirqExit }[step];
    tracer.passed++;
    if (!point.enabled) return;
    const at = tracer.begin(point, cpu.id, cpu.current, 12);
    tracer.memory.view.setUint32(at + 8, vector, true);
    tracer.commit(point, cpu.id, cpu.current, 12);
  }

  blockQueue(cpu: Cpu, request: BlockRequest): void {
    const { tracer } = this;
    const point = this.points.blockBioQueue;
    tracer.passed++;
    if (!point.enabled) return;
    const at = this.block(point, cpu, request, 56);
    this.rwbs(at + 28, request);
    tracer.comm(at + 36, cpu.current);
    tracer.commit(point, cpu.id, cpu.current, 56);
  }

  blockInsert(cpu: Cpu, request: BlockRequest): void {
    this.blockRequest(this.points.blockRqInsert, cpu, request);
  }

  blockIssue(cpu: Cpu, request: BlockRequest): void {
    this.blockRequest(this.points.blockRqIssue, cpu, request);
  }

  blockComplete(cpu: Cpu, request: BlockRequest): void {
    const { tracer } = this;
    const point = this.points.blockRqComplete;
    tracer.passed++;
    if (!point.enabled) return;
    const at = this.block(point, cpu, request, 56);
    this.rwbs(at + 32, request);
    tracer.commit(point, cpu.id, cpu.current, tracer.text(at, 40, 44, NO_COMMAND));
  }

  private blockRequest(point: TracePoint, cpu: Cpu, request: BlockRequest): void {
    const { tracer } = this;
    tracer.passed++;
    if (!point.enabled) return;
    const at = this.block(point, cpu, request, 72);
    tracer.memory.view.setUint32(at + 28, request.sectors * 512, true);
    this.rwbs(at + 32, request);
    tracer.comm(at + 40, cpu.current);
    tracer.commit(point, cpu.id, cpu.current, tracer.text(at, 56, 60, NO_COMMAND));
  }

  private block(point: TracePoint, cpu: Cpu, request: BlockRequest, size: number): LinearAddress {
    const at = this.tracer.begin(point, cpu.id, cpu.current, size);
    const { view } = this.tracer.memory;
    view.setUint32(at + 8, DEVICE, true);
    this.tracer.set64(at + 16, request.sector);
    view.setUint32(at + 24, request.sectors, true);
    return at;
  }

  private rwbs(at: LinearAddress, request: BlockRequest): void {
    const { bytes } = this.tracer.memory;
    for (let index = 0; index < request.rwbs.length; index++)
      bytes[at + index] = request.rwbs.charCodeAt(index);
  }

  private arguments(at: LinearAddress, args: readonly number[]): void {
    for (let index = 0; index < args.length; index++) this.tracer.set64(at + index * 8, args[index]!);
  }

  private result(point: TracePoint, cpu: Cpu, task: Task, number: number, result: number): void {
    const { tracer } = this;
    const at = tracer.begin(point, cpu.id, task, 24);
    // `__syscall_nr` is an int, `id` a long: both read the same low bytes, and numbers are positive.
    tracer.memory.view.setInt32(at + 8, number, true);
    tracer.set64(at + 16, result);
    tracer.commit(point, cpu.id, task, 24);
  }
}

/** Only passthrough requests carry a command. */
const NO_COMMAND: Uint8Array = new Uint8Array(0);
