import { describe, expect, it } from 'vitest';
import {
  type EventField,
  EventFormatError,
  findEventField,
  parseEventFormat,
} from '../../bpf/event-format.ts';

const SCHED_SWITCH = `name: sched_switch
ID: 314
format:
	field:unsigned short common_type;	offset:0;	size:2;	signed:0;
	field:unsigned char common_flags;	offset:2;	size:1;	signed:0;
	field:unsigned char common_preempt_count;	offset:3;	size:1;	signed:0;
	field:int common_pid;	offset:4;	size:4;	signed:1;

	field:char prev_comm[16];	offset:8;	size:16;	signed:0;
	field:pid_t prev_pid;	offset:24;	size:4;	signed:1;
	field:int prev_prio;	offset:28;	size:4;	signed:1;
	field:long prev_state;	offset:32;	size:8;	signed:1;

print fmt: "prev_comm=%s prev_pid=%d", REC->prev_comm, REC->prev_pid
`;

function fieldOf(declaration: string, size: number, signed = 0, longSize: 4 | 8 = 8): EventField {
  const text = `name: x\nID: 1\nformat:\n\tfield:${declaration};\toffset:8;\tsize:${size};\tsigned:${signed};\n`;
  return parseEventFormat(text, { longSize }).fields[0]!;
}

describe('parseEventFormat', () => {
  it('reads name, id, fields, fixed size and print format', () => {
    const format = parseEventFormat(SCHED_SWITCH, { system: 'sched' });
    expect(format).toMatchObject({ id: 314, system: 'sched', name: 'sched_switch', size: 40 });
    expect(format.printFormat).toBe('"prev_comm=%s prev_pid=%d", REC->prev_comm, REC->prev_pid');
    expect(format.fields.filter((field) => field.common).map((field) => field.name)).toEqual([
      'common_type',
      'common_flags',
      'common_preempt_count',
      'common_pid',
    ]);
    expect(findEventField(format, 'prev_comm')).toEqual({
      name: 'prev_comm',
      type: 'char[16]',
      declaration: 'char prev_comm[16]',
      offset: 8,
      size: 16,
      signed: false,
      common: false,
      kind: 'string',
      elementType: 'char',
      elementSize: 1,
      count: 16,
    });
    expect(findEventField(format, 'absent')).toBeUndefined();
  });

  const cases: readonly { have: string; size: number; longSize?: 4 | 8; want: Partial<EventField> }[] = [
    { have: 'long id', size: 8, want: { kind: 'integer', type: 'long', elementSize: 8, count: 1 } },
    {
      have: 'unsigned long args[6]',
      size: 48,
      want: { kind: 'array', elementType: 'unsigned long', elementSize: 8, count: 6 },
    },
    {
      have: 'unsigned long args[6]',
      size: 24,
      longSize: 4,
      want: { kind: 'array', elementSize: 4, count: 6 },
    },
    {
      have: 'char comm[TASK_COMM_LEN]',
      size: 16,
      want: { kind: 'string', elementSize: 1, count: 16, type: 'char[TASK_COMM_LEN]' },
    },
    { have: '__u8 saddr_v6[16]', size: 16, want: { kind: 'array', elementSize: 1, count: 16 } },
    { have: 'unsigned char addr[6]', size: 6, want: { kind: 'array', elementSize: 1, count: 6 } },
    { have: 'char buf[]', size: 0, want: { kind: 'string', size: 0, count: 0, elementSize: 1 } },
    { have: 'u32 v[]', size: 0, want: { kind: 'array', size: 0, count: 0, elementSize: 4 } },
    {
      have: 'const char * filename',
      size: 8,
      want: { kind: 'pointer', type: 'const char *', name: 'filename' },
    },
    { have: 'const char *const * argv', size: 8, want: { kind: 'pointer', name: 'argv' } },
    { have: 'const void *const ruleset_attr', size: 8, want: { kind: 'pointer', name: 'ruleset_attr' } },
    { have: 'struct robust_list_head * * head_ptr', size: 8, want: { kind: 'pointer', name: 'head_ptr' } },
    { have: 'void (*func)(struct rcu_head *)', size: 8, want: { kind: 'pointer', name: 'func' } },
    { have: 'struct in6_addr addr', size: 16, want: { kind: 'struct', elementSize: 16 } },
    { have: 'enum zone_type idx', size: 4, want: { kind: 'integer' } },
    {
      have: '__data_loc char[] name',
      size: 4,
      want: { kind: 'dynamic-string', type: '__data_loc char[]', name: 'name', elementSize: 1, count: 0 },
    },
    { have: '__data_loc u64[] stamps', size: 4, want: { kind: 'dynamic-array', elementSize: 8, count: 0 } },
    {
      have: '__data_loc cpumask_t *[] mask',
      size: 4,
      want: { kind: 'dynamic-array', elementType: 'cpumask_t *', elementSize: 8 },
    },
    {
      have: '__data_loc cpumask_t cpumask',
      size: 4,
      want: {
        kind: 'dynamic-array',
        type: '__data_loc cpumask_t',
        name: 'cpumask',
        elementSize: 8,
        count: 0,
      },
    },
    { have: '__data_loc struct key[] keys', size: 4, want: { kind: 'dynamic-array', elementSize: 0 } },
    { have: '__rel_loc char[] name', size: 4, want: { kind: 'relative-string', elementSize: 1 } },
    { have: '__rel_loc __u16[] ports', size: 4, want: { kind: 'relative-array', elementSize: 2 } },
  ];
  it.each(cases)('understands $have', ({ have, size, longSize, want }) => {
    expect(fieldOf(have, size, 0, longSize)).toMatchObject({ declaration: have, offset: 8, ...want });
  });

  it('takes fields without a sign, and special fields, of old kernels', () => {
    const text = 'name: x\nID: 1\nformat:\n\tfield special:int a;\toffset:8;\tsize:4;\n';
    expect(parseEventFormat(text).fields[0]).toMatchObject({ name: 'a', signed: false });
  });

  it.each([
    ['', 'line 0: no event name'],
    ['name: x\n', 'line 1: no event ID'],
    ['name: x\nID: x\n', 'line 2: ID is not a number'],
    ['name: x\nID: 99999999999\n', 'line 2: ID is not a number'],
    ['name: x\nID: 1\nrubbish\n', 'line 3: unexpected text'],
    ['name: x\nID: 1\nfield:int a;\tsize:4;\n', 'line 3: field without offset'],
    ['name: x\nID: 1\nfield:int a;\toffset:-4;\tsize:4;\n', 'line 3: offset is not a number'],
    ['name: x\nID: 1\nfield:int;\toffset:4;\tsize:4;\n', "line 3: no type and name in 'int'"],
    [
      'name: x\nID: 1\nfield:__data_loc char[] a;\toffset:4;\tsize:8;\n',
      'a __data_loc field of size 8, not 4',
    ],
  ])('refuses %j', (text, message) => {
    expect(() => parseEventFormat(text)).toThrow(EventFormatError);
    expect(() => parseEventFormat(text)).toThrow(message);
  });

  it('refuses huge declarations at once', () => {
    for (const part of [' ', '*', 'a ', 'const ', '(*']) {
      const text = `name: x\nID: 1\nfield:${part.repeat(500_000)};\toffset:8;\tsize:8;\n`;
      expect(() => parseEventFormat(text)).toThrow(EventFormatError);
    }
  });
});
