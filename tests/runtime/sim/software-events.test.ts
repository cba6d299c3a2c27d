/** Software events of the simulated kernel: clocks are timers, counters count what happens on each CPU (language.md 2.4). */
import { expect, test } from 'vitest';
import { cli } from '../../cli/support.ts';

async function counts(script: string): Promise<ReadonlyMap<string, number>> {
  const { code, stdout } = await cli(['--duration', '1s', '-q', '-e', script]);
  expect(code).toBe(0);
  return new Map(
    [...stdout.matchAll(/@(\w+)\[(\d+)\]: (\d+)/g)].map(([, map, cpu, n]) => [`${map}${cpu}`, Number(n)]),
  );
}

test('cpu-clock fires by its count of nanoseconds on every CPU', async () => {
  const found = await counts(
    'software:cpu-clock { @c[cpu] = count(); } s:cpu:10000000 { @s[cpu] = count(); }',
  );
  for (const cpu of [0, 1, 2, 3]) expect([found.get(`c${cpu}`), found.get(`s${cpu}`)]).toEqual([1000, 100]);
});

test('context-switches fires once every so many switches of a CPU, with nothing in its context', async () => {
  const script = 'tracepoint:sched:sched_switch { @t[cpu] = count(); }';
  const found = await counts(
    `${script} software:cs:10 { @s[cpu] = count(); } software:context-switches:1 { @a[cpu] = count(); }`,
  );
  for (const cpu of [0, 1, 2, 3]) {
    const switches = found.get(`t${cpu}`) ?? 0;
    expect(switches).toBeGreaterThan(10);
    expect(found.get(`a${cpu}`)).toBe(switches);
    expect(found.get(`s${cpu}`)).toBe(Math.floor(switches / 10));
  }
  const alone = await counts('software:context-switches:1 { @a[cpu] = count(); }');
  expect(alone.get('a0')).toBe(found.get('a0'));
});

test('cpu-migrations counts migrations, and dummy nothing', async () => {
  const found = await counts(
    'tracepoint:sched:sched_migrate_task { @t[cpu] = count(); } software:cpu-migrations { @m[cpu] = count(); } software:dummy { @d[cpu] = count(); }',
  );
  expect(found.get('m0')).toBeGreaterThan(0);
  expect(found.get('m0')).toBe(found.get('t0'));
  expect([...found.keys()].some((key) => key.startsWith('d'))).toBe(false);
});
