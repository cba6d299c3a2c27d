// Functions, types and USDT probes of a user's program: judged by unit tests without a compiler.
#define _SDT_HAS_SEMAPHORES 1
#include <sys/sdt.h>

#define SEMAPHORE(name) unsigned short name __attribute__((section(".probes")))
SEMAPHORE(sample_step_semaphore);
SEMAPHORE(sample_move_semaphore);
SEMAPHORE(sample_loop_semaphore);

enum color { RED, GREEN = 5, BLUE = -1 };

typedef unsigned long word;

struct node {
  struct node *next;
  const char *name;
  unsigned kind : 3;
  unsigned flags : 7;
  union {
    int number;
    float real;
  };
  char text[16];
};

struct point {
  int x, y;
};

static __attribute__((noinline)) int hidden(const struct node *node, enum color color) {
  return node->kind + (int)color;
}

static inline __attribute__((always_inline)) word twice(word value) { return value * 2; }

int walk(struct node *head, word limit, int (*visit)(void *, int), ...) {
  int sum = 0;
  for (word index = 0; head && index < twice(limit); head = head->next, index++) {
    DTRACE_PROBE3(sample, step, head, index, (short)sum);
    sum += hidden(head, GREEN) + visit(head, sum);
  }
  return sum;
}

long move(struct point from, volatile struct point *const to, int matrix[4][3], _Bool fast, double *restrict factor) {
  DTRACE_PROBE2(sample, move, from.x, to->y);
  if (fast) DTRACE_PROBE1(sample, step, 7);
  *factor *= 2;
  return from.x + to->x + matrix[1][2];
}

void loop(void) {
  if (__builtin_expect(sample_loop_semaphore, 0)) STAP_PROBE(sample, loop);
}
