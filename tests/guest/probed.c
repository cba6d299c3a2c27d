// A program to be traced: how often its functions run, and with what, is known.
#include <sys/sdt.h>

struct item {
  int number;
  long weight;
};

__attribute__((noipa)) long work(struct item *item, long count, const char *name, short small) {
  DTRACE_PROBE3(probed, step, item->number, count, (char)small);
  return item->weight + count;
}

int main(void) {
  struct item item = {.number = -5, .weight = 1000};
  // On the stack, and so in memory: a program cannot wait for a page.
  char name[] = "twenty-one";
  long sum = 0;
  for (int index = 0; index < 21; index++) sum += work(&item, index, name, -3);
  return sum == 0;
}
