/** The texts `saved_cmdlines` and `saved_tgids`: a thread id, a space, and its name or its process. */

/** Lines of `tid comm`; the comm may hold spaces. */
export function parseCommandLines(text: string): ReadonlyMap<number, string> {
  const comms = new Map<number, string>();
  for (const line of text.split('\n')) {
    const match = /^\s*(\d{1,10}) (.*?)\0*$/.exec(line);
    if (match) comms.set(Number(match[1]), match[2]!);
  }
  return comms;
}

/** Lines of `tid tgid`. */
export function parseSavedTgids(text: string): ReadonlyMap<number, number> {
  const tgids = new Map<number, number>();
  for (const line of text.split('\n')) {
    const match = /^\s*(\d{1,10})\s+(\d{1,10})\s*$/.exec(line);
    if (match) tgids.set(Number(match[1]), Number(match[2]));
  }
  return tgids;
}
