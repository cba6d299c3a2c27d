/** Wildcards of attach points: `*` is any run of characters, `[…]` one of a class. Matching is linear-time per name. */

export function hasWildcard(text: string): boolean {
  return /[*[]/.test(text);
}

export function wildcardMatcher(pattern: string): (name: string) => boolean {
  if (!hasWildcard(pattern)) return (name) => name === pattern;
  const pieces = pattern.split(/\*+/).map(piecePattern);
  const only = pieces.length === 1;
  const [first, last] = [pieces[0]!, pieces.at(-1)!];
  return (name) => {
    if (only) return fits(first, name, 0) && name.length === first.length;
    if (name.length < first.length + last.length || !fits(first, name, 0)) return false;
    const end = name.length - last.length;
    if (!fits(last, name, end)) return false;
    // Each inner piece at its earliest place: greedy is enough for `*`.
    let at = first.length;
    for (const piece of pieces.slice(1, -1)) {
      while (at + piece.length <= end && !fits(piece, name, at)) at++;
      if (at + piece.length > end) return false;
      at += piece.length;
    }
    return true;
  };
}

type Piece = readonly ((character: string) => boolean)[];

function piecePattern(text: string): Piece {
  const tests: ((character: string) => boolean)[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    const close = character === '[' ? text.indexOf(']', at + 1) : -1;
    if (close < 0) tests.push((one) => one === character);
    else {
      tests.push(classTest(text.slice(at + 1, close)));
      at = close;
    }
  }
  return tests;
}

function classTest(text: string): (character: string) => boolean {
  const negated = text.startsWith('!') || text.startsWith('^');
  const members = negated ? text.slice(1) : text;
  return (character) => {
    for (let at = 0; at < members.length; at++) {
      const range = members[at + 1] === '-' && at + 2 < members.length;
      const high = range ? members[at + 2]! : members[at]!;
      if (character >= members[at]! && character <= high) return !negated;
      if (range) at += 2;
    }
    return negated;
  };
}

function fits(piece: Piece, name: string, at: number): boolean {
  return piece.every((test, index) => at + index < name.length && test(name[at + index]!));
}
