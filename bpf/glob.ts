/** Patterns of names: `*` is any text, `?` any character, `[a-c]` and `[!a-c]` one of some. Time is bounded by text × pattern. */

/** `special`: which of `*`, `?` and `[` are no plain characters. */
export function globMatcher(pattern: string, special = '*?['): (text: string) => boolean {
  const parts = partsOf(pattern, special);
  return (text) => matches(parts, text);
}

type Part = 'any text' | ((character: string) => boolean);

function partsOf(pattern: string, special: string): readonly Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    const means = special.includes(character) ? character : '';
    const end = means === '[' ? pattern.indexOf(']', at + 2) : -1;
    if (means === '*') {
      parts.push('any text');
    } else if (means === '?') {
      parts.push(() => true);
    } else if (end > 0) {
      parts.push(classOf(pattern.slice(at + 1, end)));
      at = end;
    } else {
      parts.push((other) => other === character);
    }
  }
  return parts;
}

function classOf(text: string): (character: string) => boolean {
  const isNegated = text[0] === '!' || text[0] === '^';
  const characters = new Set<string>();
  const ranges: (readonly [string, string])[] = [];
  for (let at = isNegated ? 1 : 0; at < text.length; at++) {
    const last = text[at + 1] === '-' ? text[at + 2] : undefined;
    if (last === undefined) characters.add(text.charAt(at));
    else ranges.push([text.charAt(at), last]);
    if (last !== undefined) at += 2;
  }
  const has = (one: string): boolean =>
    characters.has(one) || ranges.some(([from, to]) => one >= from && one <= to);
  return (one) => has(one) !== isNegated;
}

/** Only the last `*` passed is ever tried again: an earlier one could not match more. */
function matches(parts: readonly Part[], text: string): boolean {
  let at = 0;
  let part = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    const current = parts[part];
    if (current === 'any text') {
      star = part++;
      resume = at;
    } else if (current?.(text.charAt(at)) === true) {
      part++;
      at++;
    } else if (star >= 0) {
      part = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (parts[part] === 'any text') part++;
  return part === parts.length;
}
