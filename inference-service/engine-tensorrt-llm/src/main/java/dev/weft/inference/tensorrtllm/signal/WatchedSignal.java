package dev.weft.inference.tensorrtllm.signal;

/** Signals whose handlers are the JVM's or the system's, with their numbers on Linux x86-64. */
enum WatchedSignal {
    SIGHUP(1, false),
    SIGINT(2, false),
    SIGQUIT(3, false),
    SIGILL(4, true),
    SIGTRAP(5, true),
    SIGABRT(6, false),
    SIGBUS(7, true),
    SIGFPE(8, true),
    SIGSEGV(11, true),
    SIGUSR2(12, true),
    SIGPIPE(13, true),
    SIGTERM(15, false),
    SIGXFSZ(25, true);

    private final int number;
    private final boolean neededByTheJvm;

    WatchedSignal(int number, boolean neededByTheJvm) {
        this.number = number;
        this.neededByTheJvm = neededByTheJvm;
    }

    int number() {
        return number;
    }

    /** Whether compiled code or the garbage collector may raise the signal at any moment. */
    boolean neededByTheJvm() {
        return neededByTheJvm;
    }
}
