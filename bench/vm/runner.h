/*
 * What the benchmark's native runners share: the protocol. A runner is started once for each program. One command a line
 * on stdin, one answer a line on stdout: "ok ..." or "err TEXT". Numbers are decimal, bytes hexadecimal, "-" for none.
 *
 *   map TYPE KEY VALUE ENTRIES FLAGS   the next map, numbered from 0; TYPE is a number of enum bpf_map_type
 *   context KIND BYTES                 packet: r1 points to two 64-bit pointers, to the first byte and past the last one
 *                                      (Linux: to xdp_md); plain: r1 points to the bytes. What programs write stays
 *   load BYTES BTF FUNCS               the program, 8 bytes an instruction; wide loads of kind 1 have a map's number as
 *                                      immediate. BTF and FUNCS (struct bpf_func_info) are for Linux alone
 *   run COUNT RESULT                   ok NANOSECONDS R0: that many runs, timed all together; R0 is the last one's,
 *                                      hexadecimal. RESULT: what each must return, hexadecimal, or -
 *   dump MAP                           ok KEY=VALUE KEY=VALUE ...; per-CPU values one after the other, padded to 8 bytes
 *   drain MAP                          ok COUNT WORDS: takes the records out of a ring buffer; WORDS is the exclusive or
 *                                      of all records' 32-bit words by their place
 *
 * A runner defines the functions below; `fail` ends a command.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_MAPS 64
#define MAX_RECORD 4096

static void new_map(unsigned type, unsigned key, unsigned value, unsigned entries, unsigned flags);
static void set_context(int is_packet, unsigned char *bytes, size_t size);
static void load(unsigned char *code, size_t count, unsigned char *btf, size_t btf_size, unsigned char *funcs, size_t nfuncs);
/* Nanoseconds of `count` runs; *r0 is the last result. `expected` is NULL when any result will do. */
static double run(uint64_t count, const uint64_t *expected, uint64_t *r0);
static void dump(unsigned map);
static void drain(unsigned map);

static jmp_buf command;

__attribute__((noreturn, format(printf, 1, 2))) static void fail(const char *format, ...) {
  va_list list;
  va_start(list, format);
  printf("err ");
  vprintf(format, list);
  va_end(list);
  putchar('\n');
  longjmp(command, 1);
}

/* Of this thread: what other processes take does not count. */
static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static int digit(int c) { return c <= '9' ? c - '0' : (c | 32) - 'a' + 10; }

static size_t unhex(const char *text, unsigned char **out) {
  size_t n = strcmp(text, "-") == 0 ? 0 : strlen(text) / 2;
  *out = calloc(n + 64, 1);
  for (size_t i = 0; i < n; i++) (*out)[i] = digit(text[2 * i]) << 4 | digit(text[2 * i + 1]);
  return n;
}

static void put_hex(const void *bytes, size_t n) {
  static const char digits[] = "0123456789abcdef";
  const unsigned char *b = bytes;
  if (n == 0) putchar('-');
  for (size_t i = 0; i < n; i++) { putchar(digits[b[i] >> 4]); putchar(digits[b[i] & 15]); }
}

/* Records of a ring that begins at `data`: | busy:1 discard:1 length:30 | 0:32 | bytes, padded to 8 |. Returns the new
 * position of the consumer. `mask` wraps positions; a record over the end goes on behind it. */
static uint64_t drain_records(const unsigned char *data, uint64_t mask, uint64_t consumer, uint64_t producer) {
  static uint32_t words[MAX_RECORD / 4];
  uint64_t count = 0;
  uint32_t longest = 0;
  memset(words, 0, sizeof words);
  while (consumer < producer) {
    const uint32_t *record = (const uint32_t *)(data + (consumer & mask));
    uint32_t length = record[0] & 0x3fffffff;
    if (record[0] >> 31) break;
    if (!(record[0] & 0x40000000)) {
      if (length > MAX_RECORD) fail("a record of %u bytes", length);
      for (uint32_t i = 0; i < length / 4; i++) words[i] ^= record[2 + i];
      if (length > longest) longest = length;
      count++;
    }
    consumer += (length + 8 + 7) & ~7u;
  }
  printf("ok %llu ", (unsigned long long)count);
  put_hex(words, longest);
  putchar('\n');
  return consumer;
}

static void answer(char **a, int n) {
  if (!strcmp(a[0], "map") && n == 6) {
    new_map(atoi(a[1]), atoi(a[2]), atoi(a[3]), strtoul(a[4], 0, 10), strtoul(a[5], 0, 10));
    puts("ok");
  } else if (!strcmp(a[0], "context") && n == 3) {
    unsigned char *bytes;
    size_t size = unhex(a[2], &bytes);
    set_context(!strcmp(a[1], "packet"), bytes, size);
    puts("ok");
  } else if (!strcmp(a[0], "load") && n == 4) {
    unsigned char *code, *btf, *funcs;
    size_t count = unhex(a[1], &code) / 8, size = unhex(a[2], &btf), nfuncs = unhex(a[3], &funcs) / 8;
    load(code, count, btf, size, funcs, nfuncs);
    puts("ok");
  } else if (!strcmp(a[0], "run") && n == 3) {
    uint64_t expected = strtoull(a[2], 0, 16), r0 = 0;
    double nanoseconds = run(strtoull(a[1], 0, 10), a[2][0] == '-' ? 0 : &expected, &r0);
    printf("ok %.0f %llx\n", nanoseconds, (unsigned long long)r0);
  } else if (!strcmp(a[0], "dump") && n == 2) dump(atoi(a[1]));
  else if (!strcmp(a[0], "drain") && n == 2) drain(atoi(a[1]));
  else fail("no command '%s' with %d arguments", a[0], n - 1);
}

int main(void) {
  char *line = 0;
  size_t room = 0;
  while (getline(&line, &room, stdin) > 0) {
    char *a[8] = {0}, *save = 0;
    int n = 0;
    for (char *w = strtok_r(line, " \n", &save); w && n < 8; w = strtok_r(0, " \n", &save)) a[n++] = w;
    if (n > 0 && setjmp(command) == 0) answer(a, n);
    fflush(stdout);
  }
  return 0;
}
