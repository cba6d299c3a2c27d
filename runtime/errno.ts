/** Linux errno numbers that helpers and map operations return, with strerror(3)'s texts. */

const TEXTS: Readonly<Record<number, string>> = {
  1: 'Operation not permitted',
  2: 'No such file or directory',
  3: 'No such process',
  4: 'Interrupted system call',
  5: 'Input/output error',
  7: 'Argument list too long',
  9: 'Bad file descriptor',
  11: 'Resource temporarily unavailable',
  12: 'Cannot allocate memory',
  13: 'Permission denied',
  14: 'Bad address',
  16: 'Device or resource busy',
  17: 'File exists',
  22: 'Invalid argument',
  28: 'No space left on device',
  34: 'Numerical result out of range',
  36: 'File name too long',
  38: 'Function not implemented',
  75: 'Value too large for defined data type',
  95: 'Operation not supported',
};

/** strerror(3) of a positive errno. */
export function errnoText(errno: number): string {
  return TEXTS[errno] ?? `Unknown error ${errno}`;
}
