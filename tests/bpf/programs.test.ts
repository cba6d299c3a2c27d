import { describe, expect, test } from 'vitest';
import { CONTEXTS, contextField, contextFieldAt } from '../../bpf/contexts.ts';
import { contextOf, findProgramType, PROGRAM_TYPES, programTypeById } from '../../bpf/programs.ts';
import { PROGRAM_TYPE_NAMES } from '../../bpf/tables/program-types.ts';

describe('program types', () => {
  test('rows follow the names and ids are dense', () => {
    expect(PROGRAM_TYPES.map((type) => type.name)).toEqual([...PROGRAM_TYPE_NAMES]);
    expect(PROGRAM_TYPES.map((type) => type.id)).toEqual(PROGRAM_TYPES.map((_, index) => index + 1));
  });

  test('every field that a type may or may not touch is one of its context', () => {
    for (const type of PROGRAM_TYPES) {
      const context = contextOf(type);
      for (const name of [...type.unreadable, ...type.writable]) {
        expect(context && contextField(context, name), `${type.name}.${name}`).toBeDefined();
      }
      expect(type.writable.filter((name) => type.unreadable.includes(name))).toEqual([]);
    }
  });

  test('found by any spelling and by number', () => {
    expect(findProgramType('BPF_PROG_TYPE_XDP')?.id).toBe(6);
    expect(programTypeById(17)?.name).toBe('raw_tracepoint');
    expect(programTypeById(0)).toBeUndefined();
  });
});

describe('contexts', () => {
  test('fields lie within their structure, in order, on their own alignment', () => {
    for (const layout of Object.values(CONTEXTS)) {
      let last = 0;
      for (const field of layout.fields) {
        expect(field.offset + field.size * field.count).toBeLessThanOrEqual(layout.size);
        expect(field.offset % field.size).toBe(0);
        expect(field.offset).toBeGreaterThanOrEqual(last);
        last = field.offset;
      }
    }
  });

  // From linux/bpf.h and asm/ptrace.h.
  test.each([
    ['__sk_buff', 'data_end', 80, 4],
    ['__sk_buff', 'hwtstamp', 184, 8],
    ['xdp_md', 'rx_queue_index', 16, 4],
    ['bpf_perf_event_data', 'addr', 176, 8],
    ['pt_regs', 'di', 112, 8],
    ['pt_regs', 'sp', 152, 8],
    ['bpf_raw_tracepoint_args', 'args', 0, 8],
  ] as const)('%s.%s', (name, field, offset, size) => {
    expect(contextField(CONTEXTS[name], field)).toMatchObject({ offset, size });
  });

  test('a byte belongs to the smallest field that holds it', () => {
    expect(contextFieldAt(CONTEXTS.pt_regs, 136)?.name).toBe('cs');
    expect(contextFieldAt(CONTEXTS.pt_regs, 140)?.name).toBe('csx');
    expect(contextFieldAt(CONTEXTS.__sk_buff, 52)?.name).toBe('cb');
    expect(contextFieldAt(CONTEXTS.__sk_buff, 183)).toBeUndefined();
  });
});
