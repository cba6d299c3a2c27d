/* What the runners of bpf(2) commands share: the system call, and bytes as hexadecimal text, "-" for none. */
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static long bpf(int cmd, union bpf_attr *attr) { return syscall(__NR_bpf, cmd, attr, sizeof *attr); }

static int digit(int c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

/* At least `room` bytes, more than the text may have: batches and lookups write there. */
static size_t unhex(const char *text, unsigned char **out, size_t room) {
  size_t n = strcmp(text, "-") == 0 ? 0 : strlen(text) / 2;
  *out = calloc((n > room ? n : room) + 16, 1);
  for (size_t i = 0; i < n; i++) (*out)[i] = digit(text[2 * i]) << 4 | digit(text[2 * i + 1]);
  return n;
}

static void put_hex(const void *bytes, size_t n) {
  static const char digits[] = "0123456789abcdef";
  const unsigned char *b = bytes;
  if (n == 0) putchar('-');
  for (size_t i = 0; i < n; i++) { putchar(digits[b[i] >> 4]); putchar(digits[b[i] & 15]); }
}
