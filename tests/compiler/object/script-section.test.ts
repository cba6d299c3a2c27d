import { describe, expect, test } from 'vitest';
import type { ScriptData } from '../../../compiler/object/script-data.ts';
import { scriptDataOf } from '../../../compiler/object/script-object.ts';
import { decodeScript, encodeScript } from '../../../compiler/object/script-section.ts';
import { compileText } from '../support.ts';

const SCRIPTS = [
  'BEGIN { printf("a\\n%-8s %5d %x\\n", "text", 5, 10); exit(3); }',
  'tracepoint:sched:sched_switch { @[args.prev_comm, args.next_pid] = count(); @h = hist(args.next_pid); }',
  'tracepoint:sched:sched_switch { @s[pid] = stats(args.next_pid); @l = lhist(args.next_pid, 0, 100, 10); } interval:s:1 { print(@s); clear(@s); }',
  'tracepoint:sched:sched_switch { @t = (1, "x", (2, 3)); print(@t); print((1, 2)); @m = min(args.prev_prio); }',
  'profile:hz:99 { @a = nsecs; time("%H\\n"); printf("%s\\n", strftime("%H", nsecs)); } END { zero(@a); }',
];

function dataOf(text: string): ScriptData {
  const { object, info } = compileText(text);
  return scriptDataOf(object!, info!, {
    needs: [{ kind: 'process-ids', what: '-p' }],
    functions: new Map(),
    target: { release: '6.1', kernel: 'the test kernel' },
    fields: new Map([
      [
        object!.programs[0]!.name,
        [{ name: 'next_pid', offset: 56, size: 4, signed: true, kind: 'integer', type: 'pid_t' }],
      ],
    ]),
  });
}

/** The section with the value at a path of its JSON changed; undefined takes it away. */
function changed(script: ScriptData, path: string, value: unknown): Uint8Array {
  const text = new TextDecoder().decode(encodeScript(script)).slice('\0bpfkit.script 1\0'.length, -1);
  const json: unknown = JSON.parse(text);
  const keys = path.split('.');
  const last = keys.pop()!;
  let parent = json as Record<string, unknown>;
  for (const key of keys) parent = parent[key] as Record<string, unknown>;
  parent[last] = value;
  return new TextEncoder().encode(`\0bpfkit.script 1\0${JSON.stringify(json)}\0`);
}

describe('the script section', () => {
  test.each(SCRIPTS)('%s comes back as it was', (text) => {
    const script = dataOf(text);
    expect(decodeScript(encodeScript(script))).toEqual(script);
  });

  test('keeps bytes that are no UTF-8 and numbers of 64 bits', () => {
    const script = dataOf(SCRIPTS[0]!);
    const action = script.info.actions[0]!;
    const odd: ScriptData = {
      ...script,
      info: {
        ...script.info,
        actions: [
          {
            kind: 'printf',
            span: action.span,
            format: [{ kind: 'text', bytes: new Uint8Array([0, 128, 255]) }],
            args: [],
          },
          {
            kind: 'print-value',
            span: action.span,
            value: {
              offset: 8,
              type: {
                kind: 'integer',
                size: 8,
                signed: false,
                enum: { name: 'e', values: new Map([[0xffff_ffff_ffff_ffffn, 'LAST']]) },
              },
            },
          },
        ],
      },
    };
    expect(decodeScript(encodeScript(odd))).toEqual(odd);
  });

  test.each<[string, string, unknown, RegExp]>([
    ['no name', 'name', undefined, /the content has no 'name'/],
    ['a span beyond the text', 'info.actions.0.span', [0, 0, 1e6], /actions\[0\]\.span\[2\] is 1000000/],
    ['a span of no source', 'info.actions.0.span', [7, 0, 0], /span\[0\] is 7, and not 0 to 0/],
    ['an argument that is not there', 'info.actions.0.format.1.arg', 9, /arg is 9/],
    ['%d of a string', 'info.actions.0.format.1.conversion', 'd', /prints a string by %d/],
    ['a width without bounds', 'info.actions.0.format.1.width', 1e9, /width is 1000000000/],
    ['an unknown action', 'info.actions.0.kind', 'shell', /kind is none of printf/],
    ['a field over the action word', 'info.actions.0.args.0.offset', 0, /offset is 0/],
    ['a record for a list', 'programs', {}, /\.programs is no list/],
    ['a list for a record', 'info', [], /\.info is no record/],
    ['a number for a text', 'maps', [{ name: 1, symbol: 'a' }], /maps\[0\]\.name is no text/],
  ])('refuses %s', (_, path, value, message) => {
    expect(() => decodeScript(changed(dataOf(SCRIPTS[0]!), path, value))).toThrow(message);
  });

  test('refuses an array of things without bytes: printing it has no bound', () => {
    const none = { kind: 'none', size: 0 };
    const type = { kind: 'array', size: 0, count: 4096, element: none };
    const bytes = changed(dataOf(SCRIPTS[0]!), 'info.actions.0.args.0.type', type);
    expect(() => decodeScript(bytes)).toThrow(/type has elements without a size/);
  });

  test('refuses what is nested without end', () => {
    let type: object = { kind: 'integer', size: 8, signed: true };
    for (let depth = 0; depth < 1000; depth++) type = { kind: 'array', size: 8, count: 1, element: type };
    const deep = changed(dataOf(SCRIPTS[0]!), 'info.actions.0.args.0.type', type);
    expect(() => decodeScript(deep)).toThrow(/is nested deeper than 32/);
  });

  test.each([
    ['', /does not begin/],
    ['\0bpfkit.script 2\0{}\0', /version '2' is unknown/],
    ['\0bpfkit.script 1\0{}', /has no end/],
    ['\0bpfkit.script 1\0{\0', /no JSON/],
  ])('refuses the bytes %j', (text, message) => {
    expect(() => decodeScript(new TextEncoder().encode(text))).toThrow(message);
  });
});
