/** What a program did with the packets of a capture. */

export interface VerdictCount {
  /** `XDP_PASS`, `accepted`, ... */
  readonly name: string;
  readonly packets: number;
  /** Of these packets, as they came; of accepted ones of a socket filter, those it keeps. */
  readonly bytes: number;
}

export interface RedirectCount {
  readonly target: string;
  readonly packets: number;
}

export interface PacketReport {
  readonly program: string;
  readonly section: string;
  readonly type: string;
  readonly packets: number;
  /** The most frequent first. */
  readonly verdicts: readonly VerdictCount[];
  /** Where redirected packets, and copies that the program sent, go. */
  readonly redirects: readonly RedirectCount[];
  /** Packets without a whole link-layer header, which programs of this type never see. */
  readonly tooShort: number;
  /** Runs of each packet. */
  readonly repeat: number;
  readonly nsPerPacket: number;
}

export function packetReportText(report: PacketReport): string {
  const { program, section, packets, verdicts, redirects, tooShort, repeat, nsPerPacket } = report;
  const counts = [...verdicts.map((one) => one.packets), ...redirects.map((one) => one.packets), tooShort];
  const width = Math.max(...counts.map((count) => String(count).length));
  const names = Math.max(...verdicts.map(({ name }) => name.length), 0);
  const bytes = Math.max(...verdicts.map((one) => String(one.bytes).length), 0);
  const line = (count: number, text: string): string => `  ${String(count).padStart(width)} ${text}\n`;
  const rounds = repeat === 1 ? '' : `, ${repeat} runs of each`;
  return [
    `${program} (${section}): ${plural(packets, 'packet')}\n`,
    ...verdicts.map((one) =>
      line(one.packets, `${one.name.padEnd(names)}  ${String(one.bytes).padStart(bytes)} bytes`),
    ),
    ...redirects.map((one) => line(one.packets, `redirected to ${one.target}`)),
    ...(tooShort === 0 ? [] : [line(tooShort, 'too short for an Ethernet header, not run')]),
    `${nsPerPacket.toFixed(1)} ns a packet${rounds}\n`,
  ].join('');
}

export function packetReportJson(report: PacketReport): string {
  return `${JSON.stringify({ type: 'packets', data: report })}\n`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
