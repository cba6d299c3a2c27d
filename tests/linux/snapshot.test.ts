/** This machine's kernel saved and opened again, beside what the machine itself tells. Skips what cannot be read here. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { describe, expect, test } from 'vitest';
import { hostSnapshot } from '../../runtime/node/host-snapshot.ts';
import { packSnapshot } from '../../runtime/node/pack-snapshot.ts';
import { openSnapshot, writeSnapshot } from '../../runtime/snapshot/index.ts';

const BTF = '/sys/kernel/btf/vmlinux';
const EVENTS = ['/sys/kernel/tracing/events', '/sys/kernel/debug/tracing/events'].find((path) =>
  existsSync(path),
);

describe.skipIf(process.platform !== 'linux')('a snapshot of this machine', () => {
  const { snapshot } = hostSnapshot();
  const bytes = writeSnapshot(snapshot);
  const kernel = openSnapshot(bytes);

  test.skipIf(!existsSync(BTF))(`has its types${existsSync(BTF) ? '' : ` (no ${BTF})`}`, () => {
    expect(kernel.release).toBe(release());
    const own = new Uint8Array(readFileSync(BTF));
    expect(kernel.btf?.bytes()).toEqual(own);
    expect(packSnapshot(bytes).length).toBeLessThan(own.length / 2);
    const modules = readdirSync('/sys/kernel/btf').filter((name) => name !== 'vmlinux');
    expect([...(kernel.moduleBtf?.keys() ?? [])].sort()).toEqual(modules.sort());
    for (const [name, btf] of kernel.moduleBtf ?? []) {
      expect(btf.bytes(), name).toEqual(new Uint8Array(readFileSync(`/sys/kernel/btf/${name}`)));
    }
  });

  test.skipIf(EVENTS === undefined)(
    `has its tracepoints${EVENTS === undefined ? ' (no tracefs)' : ''}`,
    () => {
      const all = kernel.tracepoints?.list() ?? [];
      expect(kernel.takeWarnings()).toEqual([]);
      expect(all.length).toBeGreaterThan(100);
      for (const { system, name, id } of all) {
        const path = `${EVENTS}/${system}/${name}/id`;
        if (existsSync(path)) expect(id, path).toBe(Number(readFileSync(path, 'utf8')));
      }
    },
  );

  test.skipIf(EVENTS === undefined)('has a raw tracepoint of each traced event of the scheduler', () => {
    const raw = new Set(kernel.rawTracepoints?.list());
    for (const name of ['sched_switch', 'sched_wakeup', 'sched_process_fork'])
      expect(raw.has(name)).toBe(true);
  });
});
