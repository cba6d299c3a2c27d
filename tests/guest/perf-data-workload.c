/*
 * What the perf.data recordings show: a few processes and threads that fork, exec, rename themselves, call nested functions
 * and make system calls. Built static, not position-independent and with frame pointers, so that stacks are the same everywhere.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile unsigned long sink;
static int rounds;

__attribute__((noinline)) static void innermost(int n)
{
	for (int i = 0; i < n; i++)
		sink += i * sink;
	syscall(SYS_getppid);
	sink++;
}

__attribute__((noinline)) static void middle(int n)
{
	innermost(n);
	sink++;
}

__attribute__((noinline)) static void outer(int n)
{
	middle(n * 2);
	sink++;
}

static void *thread(void *name)
{
	prctl(PR_SET_NAME, name);
	for (int i = 0; i < rounds; i++)
		outer(20000);
	return NULL;
}

static void touch_memory(void)
{
	size_t size = 64 * 4096;
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	for (size_t at = 0; at < size; at += 4096)
		memory[at] = 1;
	munmap(memory, size);
}

static void child(char *self, char *count)
{
	prctl(PR_SET_NAME, "renamed");
	outer(10000);
	execl(self, "again", count, "leaf", NULL);
	_exit(1);
}

int main(int argc, char **argv)
{
	pthread_t threads[2];

	rounds = argc > 1 ? atoi(argv[1]) : 4;
	for (int i = 0; i < rounds; i++)
		outer(20000);
	touch_memory();
	if (argc > 2)
		return 0;
	pthread_create(&threads[0], NULL, thread, "first thread");
	pthread_create(&threads[1], NULL, thread, "second");
	for (int i = 0; i < 3; i++) {
		pid_t pid = fork();

		if (pid == 0)
			child(argv[0], argv[1] ? argv[1] : "4");
		if (i == 1)
			outer(20000);
		waitpid(pid, NULL, 0);
	}
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	return 0;
}
