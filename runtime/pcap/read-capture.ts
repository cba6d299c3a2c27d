/** Captures of both formats; the file's first bytes say which it is. */
import { FormatError } from '../../bpf/format-error.ts';
import type { Capture } from './capture.ts';
import { isPcap, readPcap } from './read-pcap.ts';
import { isPcapng, readPcapng } from './read-pcapng.ts';

/** @throws FormatError */
export function readCapture(bytes: Uint8Array): Capture {
  if (isPcap(bytes)) return readPcap(bytes);
  if (isPcapng(bytes)) return readPcapng(bytes);
  throw new FormatError('pcap', 0, 'no capture begins so: neither pcap nor pcapng');
}
