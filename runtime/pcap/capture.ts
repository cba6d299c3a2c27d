/** A capture: what pcap and pcapng files hold, as far as running programs over it goes. */

export interface CapturedPacket {
  /** The bytes that were captured; they share the file's memory. */
  readonly data: Uint8Array;
  /** Bytes the packet had on the wire; the capture may have kept fewer. */
  readonly originalLength: number;
  /** Time since 1970; 0 where the file tells none (simple packets of pcapng). */
  readonly seconds: number;
  readonly nanoseconds: number;
  /** `LINKTYPE_*` of the interface: what the bytes begin with. */
  readonly linkType: number;
}

export interface Capture {
  readonly format: 'pcap' | 'pcapng';
  /** In the order of the file. */
  readonly packets: readonly CapturedPacket[];
  /** Link type of the file, or of its first interface; undefined for a pcapng file without interfaces. */
  readonly linkType: number | undefined;
  /** What the user should know: where the file breaks off. */
  readonly warnings: readonly string[];
}

/** MAXIMUM_SNAPLEN of libpcap: what no packet of a sound file exceeds. */
export const LARGEST_PACKET = 262_144;

/** Link types with names of their own (https://www.tcpdump.org/linktypes.html). */
export const LINKTYPE = {
  ETHERNET: 1,
  RAW: 101,
  IPV4: 228,
  IPV6: 229,
} as const;
