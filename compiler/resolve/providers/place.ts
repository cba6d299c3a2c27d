/** Places inside code as attach points write them: `function+offset`, `0xaddress`. */

export interface NamedPlace {
  readonly name: string;
  /** Bytes into the function; `bad` keeps what cannot be read. */
  readonly offset?: number;
  readonly bad?: string;
}

/** `vfs_read+0x10`. A quoted name is a name whatever it has in it. */
export function namedPlace(text: string, quoted = false): NamedPlace {
  const plus = quoted ? -1 : text.lastIndexOf('+');
  if (plus < 0) return { name: text };
  const [name, digits] = [text.slice(0, plus), text.slice(plus + 1).trim()];
  const offset = numberOf(digits);
  return offset === undefined ? { name, bad: digits } : { name, offset };
}

/** A number that begins with a digit, with or without `0x`; undefined for names. */
export function addressOf(text: string): bigint | undefined {
  if (!/^(0[xX][0-9a-fA-F]{1,16}|\d{1,20})$/.test(text)) return undefined;
  const value = BigInt(text);
  return value < 1n << 64n ? value : undefined;
}

function numberOf(text: string): number | undefined {
  if (!/^(0[xX][0-9a-fA-F]{1,12}|\d{1,15})$/.test(text)) return undefined;
  return Number(text);
}
