/** Packets as helpers leave them; the kernel's own answers are asked for in tests/linux/packets.test.ts. */
import { describe, expect, test } from 'vitest';
import { redirectText } from '../../../runtime/packet/redirect.ts';
import { verdictOf } from '../../../runtime/packet/verdict.ts';
import { frameOf, packetObject, runOnPacket } from './support.ts';

describe('xdp', () => {
  test('a frame grows before itself, and what is new is zero', () => {
    const { result, bytes } = runOnPacket(
      packetObject('xdp', 'r2 = -8\ncall bpf_xdp_adjust_head\nexit'),
      frameOf(20),
    );
    expect(result).toBe(0);
    expect([...bytes]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, ...frameOf(20)]);
  });

  test('head room of the frame before is cleared', () => {
    const text = `
      r6 = r1
      r2 = -4
      call bpf_xdp_adjust_head
      r2 = *(u32 *)(r6 + 0)
      r3 = *(u32 *)(r6 + 4)
      r0 = 0
      r4 = r2
      r4 += 4
      if r4 > r3 goto out
      r0 = *(u32 *)(r2 + 0)
      *(u32 *)(r2 + 0) = 77
    out:
      exit`;
    const object = packetObject('xdp', text);
    const { host } = runOnPacket(object, frameOf(20));
    host.begin(new Uint8Array(frameOf(20)), 1);
    expect(
      host.state.packet.room.memory.u8.subarray(host.state.packet.data - 4, host.state.packet.data),
    ).toEqual(new Uint8Array(4));
  });

  test('redirects are kept', () => {
    const { result, host } = runOnPacket(
      packetObject('xdp', 'r1 = 5\nr2 = 0\ncall bpf_redirect\nexit'),
      frameOf(20),
    );
    expect(verdictOf('xdp', result)).toEqual({ name: 'XDP_REDIRECT', fate: 'redirected' });
    expect(redirectText(host.state.redirect!)).toBe('device 5');
  });
});

describe('tc', () => {
  test('a VLAN tag that lies beside the bytes is on the wire', () => {
    const push = 'r2 = 0x0081\nr3 = 0x102a\ncall bpf_skb_vlan_push\nexit';
    const { result, bytes, host } = runOnPacket(packetObject('tc', push), frameOf(20));
    const frame = frameOf(20);
    expect(result).toBe(0);
    expect([...bytes]).toEqual([...frame.slice(0, 12), 0x81, 0, 0x10, 0x2a, ...frame.slice(12)]);
    expect(host.state.packet.length).toBe(frame.length);
  });

  test('room for an outer header', () => {
    const text = 'r2 = 20\nr3 = 1\nr4 = 2\ncall bpf_skb_adjust_room\nexit';
    const { result, bytes } = runOnPacket(packetObject('tc', text), frameOf(20));
    const frame = frameOf(20);
    expect(result).toBe(0);
    expect([...bytes]).toEqual([...frame.slice(0, 14), ...new Array<number>(20).fill(0), ...frame.slice(14)]);
  });

  test('a copy that is sent on is as the packet was then', () => {
    const text = `
      r6 = r1
      r2 = 9
      r3 = 1
      call bpf_clone_redirect
      r1 = r6
      r2 = 15
      r3 = 0
      call bpf_skb_change_tail
      exit`;
    const { bytes, host } = runOnPacket(packetObject('tc', text), frameOf(20));
    expect(bytes.length).toBe(15);
    expect(host.state.copies.map((copy) => [[...copy.bytes], redirectText(copy.target)])).toEqual([
      [frameOf(20), 'device 9 (ingress)'],
    ]);
  });

  test('the hash of a flow is the same in both directions', () => {
    const object = packetObject('tc', 'call bpf_get_hash_recalc\nexit');
    const ipv4 = (from: number, to: number): readonly number[] => [
      ...frameOf(0),
      ...[0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, from, 10, 0, 0, to, 0, from, 0, to, 0, 8, 0, 0],
    ];
    const hash = (from: number, to: number): number => runOnPacket(object, ipv4(from, to)).result;
    expect(hash(1, 2)).toBe(hash(2, 1));
    expect(hash(1, 2)).not.toBe(hash(1, 3));
    expect(hash(1, 2)).not.toBe(0);
  });
});

describe('dynptrs to packets', () => {
  /** Opens one at r10 - 16, reads two bytes at 14 to r10 - 24, writes them at 16, and returns those at 18 of a slice. */
  const text = (from: string): string => `
      r6 = r1
      r2 = 0
      r3 = r10
      r3 += -16
      call ${from}
      r1 = r10
      r1 += -24
      r2 = 2
      r3 = r10
      r3 += -16
      r4 = 14
      r5 = 0
      call bpf_dynptr_read
      r1 = r10
      r1 += -16
      r2 = 16
      r3 = r10
      r3 += -24
      r4 = 2
      r5 = 0
      call bpf_dynptr_write
      r7 = r0
      r1 = r10
      r1 += -16
      r2 = 18
      r3 = 0
      r4 = 2
      call bpf_dynptr_slice
      if r0 == 0 goto out
      r0 = *(u16 *)(r0 + 0)
    out:
      r7 <<= 16
      r0 += r7
      exit`;
  const kfuncs = (from: string): string => `.kfunc ${from}\n.kfunc bpf_dynptr_slice\n`;

  test.each([
    ['xdp', 'bpf_dynptr_from_xdp'],
    ['tc', 'bpf_dynptr_from_skb'],
  ])('%s: %s', (section, from) => {
    const object = packetObject(section, text(from), kfuncs(from));
    const { result, bytes } = runOnPacket(object, frameOf(20));
    expect([...bytes.slice(14, 20)]).toEqual([1, 2, 1, 2, 5, 6]);
    expect(result).toBe(0x0605);
  });

  test('of programs that may not write are read-only', () => {
    const object = packetObject('socket', text('bpf_dynptr_from_skb'), kfuncs('bpf_dynptr_from_skb'));
    const { result, bytes } = runOnPacket(object, frameOf(20));
    expect([...bytes.slice(14, 20)]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(result).toBe((-22 << 16) + 0x0605);
  });
});

describe('records with bytes of the packet', () => {
  const text = (length: number): string => `
      r2 = map[m]
      r3 = ${length} ll
      r3 <<= 32
      r4 = 0xffffffff ll
      r3 |= r4
      r4 = 7
      *(u64 *)(r10 - 8) = r4
      r4 = r10
      r4 += -8
      r5 = 8
      call bpf_perf_event_output
      exit`;
  const map = '.map m perf_event_array key=4 value=4 entries=1\n';

  test('are the record and the packet after it', () => {
    const { result, records } = runOnPacket(packetObject('xdp', text(14), map), frameOf(20));
    expect(result).toBe(0);
    expect(records.map((record) => [...record])).toEqual([[7, 0, 0, 0, 0, 0, 0, 0, ...frameOf(0)]]);
    expect(runOnPacket(packetObject('xdp', text(35), map), frameOf(20)).result).toBe(-14);
  });
});

describe('socket filters', () => {
  const TYPE = 'r6 = r1\nr0 = *(u16 *)skb[12]\nexit';

  test('see the link layer, or begin after it', () => {
    const object = packetObject('socket', TYPE);
    expect(runOnPacket(object, frameOf(20, 0x86dd)).result).toBe(0x86dd);
    expect(runOnPacket(object, frameOf(20, 0x86dd), { socketStart: 'network' }).result).toBe(0x0d0e);
  });

  test('a load beyond the packet ends the program with 0', () => {
    expect(
      runOnPacket(packetObject('socket', 'r6 = r1\nr0 = *(u32 *)skb[31]\nr0 = 5\nexit'), frameOf(20)).result,
    ).toBe(0);
    expect(
      runOnPacket(packetObject('socket', 'r6 = r1\nr0 = *(u32 *)skb[30]\nr0 = 5\nexit'), frameOf(20)).result,
    ).toBe(5);
  });
});
