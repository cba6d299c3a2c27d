/** Formats of the kernel's printing helpers (`bpf_bprintf_prepare`): what conversions there are, and how many. */

const PERCENT = 0x25;

/** @param text without its terminator */
export function isValidFormat(text: Uint8Array, argumentCount: number): boolean {
  let conversions = 0;
  for (let at = 0; at < text.length; at++) {
    const byte = text[at]!;
    if (!isPrinted(byte)) return false;
    if (byte !== PERCENT) continue;
    if (text[at + 1] === PERCENT) {
      at++;
      continue;
    }
    if (conversions >= argumentCount) return false;
    const last = endOfConversion(text, at + 1);
    if (last < 0) return false;
    at = last;
    conversions++;
  }
  return true;
}

/** Bytes from 0x80 on are parts of other letters. */
function isPrinted(byte: number): boolean {
  return byte >= 0x80 || (byte >= 0x20 && byte < 0x7f) || isSpace(byte);
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === 0xa0;
}

/** ASCII punctuation: printable, neither a letter nor a digit. */
function isPunctuation(byte: number): boolean {
  return byte > 0x20 && byte < 0x7f && !/[0-9A-Za-z]/.test(String.fromCharCode(byte));
}

/** Where the text ends or something follows that cannot belong to the conversion. */
function isEnd(byte: number | undefined): boolean {
  return byte === undefined || byte === 0 || isSpace(byte) || isPunctuation(byte);
}

/** Index of the last byte of the conversion that begins after the percent sign; -1: there is none like it. */
function endOfConversion(text: Uint8Array, start: number): number {
  let at = start;
  if ((text[at] ?? 0) >= 0x80) return -1;
  while ('0+- '.includes(letter(text, at)) && letter(text, at) !== '') at++;
  if (/[1-9]/.test(letter(text, at))) {
    at++;
    while (/[0-9]/.test(letter(text, at))) at++;
  }
  switch (letter(text, at)) {
    case 'p':
      return endOfPointer(text, at);
    case 's':
      return isEnd(text[at + 1]) ? at : -1;
    case 'c':
      return at;
    default:
      return endOfNumber(text, at);
  }
}

function letter(text: Uint8Array, at: number): string {
  const byte = text[at];
  return byte === undefined ? '' : String.fromCharCode(byte);
}

/** `%p`, `%px`, `%pK`, `%ps`, `%pS`, `%pB`, texts of kernel and user memory, IP addresses. */
function endOfPointer(text: Uint8Array, at: number): number {
  if (isEnd(text[at + 1])) return at;
  const first = letter(text, at + 1);
  const second = letter(text, at + 2);
  if ((first === 'k' || first === 'u') && second === 's') return isEnd(text[at + 3]) ? at + 2 : -1;
  if ('KxsSB'.includes(first)) return at + 1;
  if ((first === 'i' || first === 'I') && (second === '4' || second === '6')) return at + 2;
  return -1;
}

function endOfNumber(text: Uint8Array, start: number): number {
  let at = start;
  if (letter(text, at) === 'l') at++;
  if (letter(text, at) === 'l') at++;
  return /[iduxX]/.test(letter(text, at)) ? at : -1;
}
