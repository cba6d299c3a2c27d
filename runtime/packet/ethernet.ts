/** What `eth_type_trans` tells of a frame, and protocol numbers in host order. */

export const ETH_HLEN = 14;
export const VLAN_HLEN = 4;
/** Bytes of both addresses: a VLAN tag goes after them. */
export const ADDRESSES = 12;
export const ETH_P = {
  IP: 0x0800,
  IPV6: 0x86dd,
  VLAN: 0x8100,
  VLAN_AD: 0x88a8,
  IEEE_802_3: 0x0001,
  IEEE_802_2: 0x0004,
} as const;
/** `PACKET_*` of linux/if_packet.h. */
export const PACKET = { HOST: 0, BROADCAST: 1, MULTICAST: 2, OTHERHOST: 3 } as const;

/** Smaller numbers in the place of a type are lengths. */
const FIRST_TYPE = 0x0600;

export function isVlan(protocol: number): boolean {
  return protocol === ETH_P.VLAN || protocol === ETH_P.VLAN_AD;
}

/** Protocol of what follows a type at `at`; `at + 2` must be inside for lengths. */
export function protocolAt(bytes: Uint8Array, at: number): number {
  const type = (bytes[at]! << 8) | bytes[at + 1]!;
  if (type >= FIRST_TYPE) return type;
  // Novell's frames have no header of 802.2 but ones.
  return bytes[at + 2] === 0xff && bytes[at + 3] === 0xff ? ETH_P.IEEE_802_3 : ETH_P.IEEE_802_2;
}

/** Who a frame is for, seen from `lo`: its own address and its broadcast address are all zeros. */
export function packetType(frame: Uint8Array): number {
  for (let index = 0; index < 6; index++) {
    if (frame[index] !== 0) return (frame[0]! & 1) === 0 ? PACKET.OTHERHOST : PACKET.MULTICAST;
  }
  return PACKET.HOST;
}

/** Protocol of a packet without a link layer, from its version. */
export function rawProtocol(packet: Uint8Array): number {
  const version = packet.length === 0 ? 0 : packet[0]! >> 4;
  if (version === 4) return ETH_P.IP;
  return version === 6 ? ETH_P.IPV6 : 0;
}

export function swap16(value: number): number {
  return ((value & 0xff) << 8) | ((value >> 8) & 0xff);
}
