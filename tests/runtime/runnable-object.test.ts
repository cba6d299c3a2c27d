/** What of an object runs here: kernel functions of Linux are there, others keep their programs out or are missing. */
import { describe, expect, test } from 'vitest';
import type { AttachPoint } from '../../bpf/attach-point.ts';
import type { BpfObject, Extern } from '../../bpf/object.ts';
import { runnableObject } from '../../runtime/runnable-object.ts';
import { createCatalog } from '../../runtime/sim/catalog.ts';
import { simKernelInfo } from '../../runtime/sim/sim-info.ts';
import { assembled, runAssembly } from '../vm/assembly.ts';

const INFO = simKernelInfo(createCatalog(), 1);

function prepared(name: string, weak: boolean, source: string) {
  const externs: readonly Extern[] = [{ kind: 'kfunc', name, weak }];
  const object = assembled(`.kfunc ${name}\n.program main tracepoint/sched/sched_switch\n${source}`);
  const attach: readonly AttachPoint[] = [{ kind: 'tracepoint', system: 'sched', event: 'sched_switch' }];
  const programs = object.programs.map((one) => ({ ...one, attach }));
  return runnableObject({ ...object, programs, externs }, INFO, {});
}

/** Calls it where its address is not 0. */
const guarded = (name: string): string =>
  `r1 = ksym[${name}]\nr0 = 7\nif r1 == 0 goto +2\ncall ${name}\nr0 = 8\nexit`;

function result(object: BpfObject): bigint {
  return runAssembly(object).result;
}

describe('kernel functions of objects', () => {
  test('of Linux are there, strong and weak', () => {
    for (const weak of [false, true]) {
      const { object, notes } = prepared('bpf_rcu_read_lock', weak, guarded('bpf_rcu_read_lock'));
      expect(notes).toEqual([]);
      expect(result(object)).toBe(8n);
    }
  });

  test('that Linux does not have: weak ones are missing, strong ones keep the program out', () => {
    const weak = prepared('no_such', true, guarded('no_such'));
    expect(weak.notes).toEqual([]);
    expect(result(weak.object)).toBe(7n);
    const strong = prepared('no_such', false, 'call no_such\nexit');
    expect(strong.object.programs).toEqual([]);
    expect(strong.notes.join()).toContain("main needs the kernel's function no_such, which is not here");
  });
});
