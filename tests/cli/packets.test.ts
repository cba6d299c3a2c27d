/** `bpfkit run x.o --pcap in.pcap`: network programs over captures. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assemble } from '../../bpf/asm/index.ts';
import { writeObject } from '../../bpf/elf/write/index.ts';
import { readCapture } from '../../runtime/pcap/read-capture.ts';
import { frameOf } from '../runtime/packet/support.ts';
import { pcapOf } from '../runtime/pcap/support.ts';
import { type CliResult, cli } from './support.ts';

let folder = '';
let object = '';
let capture = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'packets-'));
  object = written('prog.o', objectOf(PROGRAMS));
  const packets = [60, 10, 20, 30].map((length, index) => ({
    time: [1_700_000_000 + index, index * 1000] as const,
    data: frameOf(length, index === 1 ? 0x86dd : 0x0800),
    original: length + 14 + (index === 3 ? 100 : 0),
  }));
  capture = written(
    'in.pcap',
    pcapOf({}, [...packets, { time: [1_700_000_009, 0], data: [1, 2, 3, 4, 5, 6, 7] }]),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

function objectOf(text: string): Uint8Array {
  const { object: assembled, diagnostics } = assemble(text, 'prog');
  if (assembled === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return writeObject(assembled);
}

const PROGRAMS = `
.license GPL
.map lengths array key=4 value=8 entries=4
.map next prog_array key=4 value=4 entries=2
.map devices devmap key=4 value=4 entries=2
.program cut xdp
  ; IPv4 without its last two bytes, redirected; nothing else
  r6 = r1
  r2 = *(u32 *)(r1 + 0)
  r3 = *(u32 *)(r1 + 4)
  r0 = 1
  r4 = r2
  r4 += 14
  if r4 > r3 goto out
  r4 = *(u16 *)(r2 + 12)
  if r4 != 8 goto out
  r2 = -2
  call bpf_xdp_adjust_tail
  r1 = 3
  r2 = 0
  call bpf_redirect
out:
  exit
.program tag tc
  r6 = r1
  r2 = 0x0081
  r3 = 5
  call bpf_skb_vlan_push
  r1 = 0
  *(u32 *)(r10 - 4) = r1
  r1 = map[lengths]
  r2 = r10
  r2 += -4
  call bpf_map_lookup_elem
  if r0 == 0 goto out
  r1 = *(u32 *)(r6 + 0)
  r2 = *(u64 *)(r0 + 0)
  r2 += r1
  *(u64 *)(r0 + 0) = r2
out:
  r0 = 0
  exit
.program keep socket
  r0 = 16
  exit
.program wrong xdp
  r2 = *(u32 *)(r1 + 0)
  r0 = *(u8 *)(r2 + 0)
  exit
.program jump xdp
  r2 = map[next]
  r3 = 1
  call bpf_tail_call
  r1 = map[devices]
  r2 = 0
  r3 = 2
  call bpf_redirect_map
  exit
`;

/** Times differ. */
function shown({ code, stdout, stderr }: CliResult): CliResult {
  return { code, stdout: stdout.replace(/[\d.]+ ns a packet/, 'N ns a packet'), stderr };
}

describe('verdicts', () => {
  test('the first program runs, and which it was is said', async () => {
    const out = join(folder, 'out.pcap');
    expect(shown(await cli(['run', object, '--pcap', capture, '--out', out]))).toEqual({
      code: 0,
      stdout: `cut (xdp): 5 packets
  3 XDP_REDIRECT  152 bytes
  2 XDP_DROP       31 bytes
  3 redirected to device 3
N ns a packet
`,
      stderr: `WARNING: cut (xdp) is run; choose another with --prog: wrong (xdp), jump (xdp), tag (tc), keep (socket)
WARNING: wrong (xdp) is left out: Linux would refuse it
`,
    });
    const { packets, linkType } = readCapture(new Uint8Array(readFileSync(out)));
    expect(linkType).toBe(1);
    expect(packets.map((one) => [one.seconds, one.nanoseconds, one.data.length, one.originalLength])).toEqual(
      [
        [1_700_000_000, 0, 72, 72],
        [1_700_000_002, 2000, 32, 32],
        [1_700_000_003, 3000, 42, 142],
      ],
    );
    expect([...packets[1]!.data]).toEqual(frameOf(18));
  });

  test('another is chosen by name or section; maps are printed, tags are written', async () => {
    const out = join(folder, 'tagged.pcap');
    expect(shown(await cli(['run', object, '--prog', 'tag', '--pcap', capture, '--out', out]))).toEqual({
      code: 0,
      stdout: `tag (tc): 5 packets
  4 TC_ACT_OK  176 bytes
  1 too short for an Ethernet header, not run
N ns a packet
lengths[[0,0,0,0]]: [176,0,0,0,0,0,0,0]
`,
      stderr: '',
    });
    const { packets } = readCapture(new Uint8Array(readFileSync(out)));
    const [first] = packets;
    expect(packets.length).toBe(4);
    expect([...first!.data.slice(12, 18)]).toEqual([0x81, 0, 0, 5, 8, 0]);
  });

  test('a socket filter keeps what it returns', async () => {
    const out = join(folder, 'kept.pcap');
    const { stdout } = shown(
      await cli(['run', object, '--prog=socket', `--pcap=${capture}`, `--out=${out}`]),
    );
    expect(stdout).toBe(`keep (socket): 5 packets
  4 accepted  64 bytes
  1 too short for an Ethernet header, not run
N ns a packet
`);
    const { packets } = readCapture(new Uint8Array(readFileSync(out)));
    expect(packets.map(({ data }) => data.length)).toEqual([16, 16, 16, 16]);
  });

  test('as JSON, with several runs of each packet', async () => {
    const { code, stdout } = await cli([
      'run',
      '--json',
      object,
      '--pcap',
      capture,
      '--prog',
      'tag',
      '--repeat',
      '3',
    ]);
    const [report, map] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; data: object });
    expect(code).toBe(0);
    expect(report).toMatchObject({
      type: 'packets',
      data: {
        program: 'tag',
        section: 'tc',
        type: 'sched_cls',
        packets: 5,
        verdicts: [{ name: 'TC_ACT_OK', packets: 4, bytes: 176 }],
        redirects: [],
        tooShort: 1,
        repeat: 3,
      },
    });
    expect(map).toEqual({ type: 'map', data: { lengths: { '[0,0,0,0]': [16, 2, 0, 0, 0, 0, 0, 0] } } });
  });
});

describe('what maps hold first', () => {
  const run = async (...words: readonly string[]): Promise<string> => {
    const { stdout, stderr } = await cli([
      'run',
      object,
      '--pcap',
      capture,
      '--prog',
      'jump',
      '--no-warnings',
      ...words,
    ]);
    return (stdout + stderr).replace(/^[^ ].*\n/gm, (line) => (line.startsWith('ERROR') ? line : ''));
  };

  test('no entry: the action in the flags', async () => {
    expect(await run()).toBe('  5 XDP_PASS  183 bytes\n');
  });

  test('a device', async () => {
    expect(await run('--map', 'devices[0]=4')).toBe(
      '  5 XDP_REDIRECT  183 bytes\n  5 redirected to map devices[0]\n',
    );
  });

  test.each(['off', 'direct'])('a program, with --jit %s', async (jit) => {
    expect(await run('--jit', jit, '--map=devices[0]=4', '--map=next[1]=cut')).toBe(
      '  3 XDP_REDIRECT  152 bytes\n  2 XDP_DROP       31 bytes\n  3 redirected to device 3\n',
    );
  });

  test('numbers and bytes', async () => {
    const { stdout } = await cli([
      'run',
      object,
      '--pcap',
      capture,
      '--prog',
      'tag',
      '--map',
      'lengths[2]=-2',
      '--map',
      'lengths[0x3]=hex:0102030405060708',
    ]);
    expect(stdout).toContain('lengths[[2,0,0,0]]: [254,255,255,255,255,255,255,255]\n');
    expect(stdout).toContain('lengths[[3,0,0,0]]: [1,2,3,4,5,6,7,8]\n');
  });

  test.each([
    ['nosuch[0]=1', 'no map is called nosuch: there are lengths, next, devices'],
    ['lengths', "'lengths' sets no map: write name[key]=value"],
    ['lengths[x]=1', "'lengths[x]=1': x is no key of 4 bytes"],
    ['lengths[0]=hex:01', "'lengths[0]=hex:01': hex:01 is no value of 8 bytes"],
    ['lengths[4]=1', "'lengths[4]=1': the map takes no such entry: Argument list too long"],
    ['next[0]=tag', "'next[0]=tag': no program tag is loaded beside the one that runs"],
  ])('%s', async (entry, message) => {
    expect(await run('--map', entry)).toBe(`ERROR: Cannot load '${object}': ${message}\n`);
  });
});

test('timers fire between packets, in the time of the capture', async () => {
  const later = written(
    'later.o',
    objectOf(`
.license GPL
.map timers array key=4 value=16 entries=1
.map fired array key=4 value=8 entries=1
.program later xdp
  *(u32 *)(r10 - 4) = 0
  r1 = map[timers]
  r2 = r10
  r2 += -4
  call bpf_map_lookup_elem
  if r0 == 0 goto out
  r6 = r0
  r1 = r6
  r2 = map[timers]
  r3 = 1
  call bpf_timer_init
  r1 = r6
  r2 = func[fire]
  call bpf_timer_set_callback
  r1 = r6
  r2 = 500000000
  r3 = 0
  call bpf_timer_start
out:
  r0 = 2
  exit
.func fire
  r1 = map[fired][0]+0
  r2 = *(u64 *)(r1 + 0)
  r2 += 1
  *(u64 *)(r1 + 0) = r2
  r0 = 0
  exit
`),
  );
  const { stdout } = await cli(['run', later, '--no-verify', '--pcap', capture]);
  // A second lies between packets; the last one's timer has no time left.
  expect(stdout).toContain('fired: [4,0,0,0,0,0,0,0]\n');
});

describe('refusals', () => {
  test.each([
    [
      'no such program',
      ['--prog', 'nosuch'],
      'no program or section is called nosuch: there are cut (xdp), wrong (xdp)',
    ],
    ['a program Linux would refuse', ['--prog', 'wrong'], 'Linux would refuse the program wrong (xdp)'],
    ['no number', ['--repeat', 'x'], "Invalid value 'x' for --repeat"],
    ['something behind', ['extra'], "'extra' is no flag"],
  ])('%s', async (_, words, message) => {
    const { code, stderr } = await cli(['run', object, '--pcap', capture, ...words]);
    expect(stderr).toContain(message);
    expect(code).not.toBe(0);
  });

  test('a file that is no capture', async () => {
    const { code, stderr } = await cli(['run', object, '--pcap', object]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `ERROR: Cannot read the capture '${object}': pcap: byte 0: no capture begins so: neither pcap nor pcapng\n`,
    });
  });

  test('a capture of cooked frames', async () => {
    const cooked = written('cooked.pcap', pcapOf({ linkType: 113 }, [{ time: [0, 0], data: [1] }]));
    const { code, stderr } = await cli(['run', object, '--pcap', cooked]);
    expect(code).toBe(255);
    expect(stderr).toContain(
      'packets of link type 113: only Ethernet (1) and raw IP (101, 228, 229) are run',
    );
  });

  test('the capture as output', async () => {
    const { stderr } = await cli(['run', object, '--pcap', capture, '--out', capture]);
    expect(stderr).toBe(`ERROR: '${capture}' is the capture itself: write the packets to another file\n`);
  });

  test('a script', async () => {
    const { stderr } = await cli(['run', '--pcap', capture, '-e', 'BEGIN { exit(); }']);
    expect(stderr).toBe('ERROR: --pcap, --out and --prog are for object files with network programs\n');
  });

  test('what Linux would refuse runs with --no-verify', async () => {
    const result = await cli(['run', object, '--no-verify', '--prog', 'wrong', '--pcap', capture]);
    expect(shown(result)).toEqual({
      code: 0,
      stdout:
        'wrong (xdp): 5 packets\n  4 XDP_ABORTED  176 bytes\n  1 XDP_DROP       7 bytes\nN ns a packet\n',
      stderr: '',
    });
  });
});
