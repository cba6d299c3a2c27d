/** VLAN tags (`skb_vlan_push`, `skb_vlan_pop` of net/core/skbuff.c): the outermost lies beside the bytes. */
import { ENOMEM } from '../../../vm/errno.ts';
import { setResult } from '../../../vm/helper-port.ts';
import { entry, type HelperEntry } from '../../../vm/helpers/arguments.ts';
import { ADDRESSES, ETH_HLEN, ETH_P, isVlan, protocolAt, swap16, VLAN_HLEN } from '../ethernet.ts';
import type { SkbState } from '../packet-state.ts';
import type { SkBuff } from '../sk-buff.ts';

export function skbVlanHelpers({ packet }: SkbState): readonly HelperEntry[] {
  return [
    entry('skb_vlan_push', (r) => {
      const result = pushTag(packet, swap16(r[4]!), r[6]! & 0xffff);
      packet.countMac();
      packet.tell();
      setResult(r, result);
    }),
    entry('skb_vlan_pop', (r) => {
      const result = popTag(packet);
      packet.tell();
      setResult(r, result);
    }),
  ];
}

/** A tag that lies beside the bytes goes into them first. */
function pushTag(packet: SkBuff, protocol: number, tci: number): number {
  if (packet.vlanTci >= 0) {
    const problem = insertTag(packet, packet.vlanProtocol, packet.vlanTci);
    if (problem !== 0) return problem;
    packet.protocol = packet.vlanProtocol;
    packet.macHeader -= VLAN_HLEN;
    packet.networkHeader -= VLAN_HLEN;
  }
  packet.vlanProtocol = isVlan(protocol) ? protocol : ETH_P.VLAN;
  packet.vlanTci = tci;
  return 0;
}

/** `__vlan_insert_tag`. */
function insertTag(packet: SkBuff, protocol: number, tci: number): number {
  if (packet.push(VLAN_HLEN) !== 0) return ENOMEM;
  const { u8, view } = packet.room.memory;
  const { data } = packet;
  u8.copyWithin(data, data + VLAN_HLEN, data + VLAN_HLEN + ADDRESSES);
  view.setUint16(data + ADDRESSES, protocol, false);
  view.setUint16(data + ADDRESSES + 2, tci, false);
  return 0;
}

/** Takes the tag beside the bytes, or else the first in them; the next one in them then lies beside. */
function popTag(packet: SkBuff): number {
  if (packet.vlanTci >= 0) packet.vlanTci = -1;
  else {
    if (!isVlan(packet.protocol)) return 0;
    const tci = takeTag(packet);
    if (tci < 0) return tci;
  }
  if (!isVlan(packet.protocol)) return 0;
  const { protocol } = packet;
  const tci = takeTag(packet);
  if (tci < 0) return tci;
  packet.vlanProtocol = protocol;
  packet.vlanTci = tci;
  return 0;
}

/** `__skb_vlan_pop`: the TCI, or an error. */
function takeTag(packet: SkBuff): number {
  if (!packet.has(ETH_HLEN + VLAN_HLEN)) return ENOMEM;
  const { u8, view } = packet.room.memory;
  const { data } = packet;
  const tci = view.getUint16(data + ETH_HLEN, false);
  packet.protocol = protocolAt(packet.bytes(), ETH_HLEN + 2);
  u8.copyWithin(data + VLAN_HLEN, data, data + ADDRESSES);
  packet.data = data + VLAN_HLEN;
  packet.macHeader += VLAN_HLEN;
  packet.networkHeader = Math.max(packet.networkHeader, packet.data + ETH_HLEN);
  packet.countMac();
  return tci;
}
