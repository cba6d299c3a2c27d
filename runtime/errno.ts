/** Linux errno numbers that helpers and map operations return, with strerror(3)'s texts. */
import { ERRNO_TEXTS, UNKNOWN_ERRNO } from '../bpf/errno-texts.ts';

/** strerror(3) of a positive errno. */
export function errnoText(errno: number): string {
  return ERRNO_TEXTS[errno] ?? `${UNKNOWN_ERRNO} ${errno}`;
}
