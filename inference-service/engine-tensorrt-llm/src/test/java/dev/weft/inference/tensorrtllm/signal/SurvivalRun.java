package dev.weft.inference.tensorrtllm.signal;

import dev.weft.inference.tensorrtllm.EngineStart;
import dev.weft.inference.tensorrtllm.TensorRtLlmEngine;
import dev.weft.inference.tensorrtllm.backend.EngineFixture;
import dev.weft.inference.tensorrtllm.backend.RandomBase;
import dev.weft.inference.tensorrtllm.backend.TestBackend;
import dev.weft.inference.tensorrtllm.backend.TestBackendSettings;
import dev.weft.inference.tensorrtllm.backend.TestEngine;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Checks for null and collects garbage for some seconds: {@code SurvivalRun FOLDER SECONDS HOW},
 * where HOW says what was loaded before. Both come as SIGSEGV to a JVM whose code C1 has compiled.
 */
@SuppressWarnings("restricted")
final class SurvivalRun {
    /** Exit code of a start that is refused. */
    static final int REFUSED = 3;

    private static final int CHECKS = 1000;
    private static final Linker LINKER = Linker.nativeLinker();

    private SurvivalRun() {}

    /** What takes the JVM's handlers. */
    enum How {
        /** The engine, opened as a worker opens it. */
        ENGINE,
        /** The same; then a signal comes that nobody handles. */
        CRASH,
        /** The functions that the test backend calls, by themselves. */
        STOLEN
    }

    public static void main(String[] arguments) throws Throwable {
        Path folder = Path.of(arguments[0]);
        Duration time = Duration.ofSeconds(Long.parseLong(arguments[1]));
        switch (How.valueOf(arguments[2])) {
            case ENGINE -> besideAnEngine(folder, () -> survive(time));
            case CRASH -> besideAnEngine(folder, SurvivalRun::crash);
            case STOLEN -> {
                System.load(TestBackend.libraries().resolve("libsignals.so").toString());
                LINKER.downcallHandle(
                                SymbolLookup.loaderLookup().findOrThrow("steal_as_mpi"),
                                FunctionDescriptor.ofVoid())
                        .invokeExact();
                survive(time);
            }
        }
    }

    private static void besideAnEngine(Path folder, Runnable work) throws Exception {
        TestBackend.load();
        Path base = RandomBase.write(folder.resolve("base"));
        Path repository = TestEngine.of(base).write(folder);
        try (TensorRtLlmEngine engine =
                EngineStart.open(
                        base,
                        TestBackendSettings.of(repository),
                        TestBackendSettings.NO_TOKENIZER,
                        _ -> {})) {
            List<Integer> tokens = EngineFixture.tokens(engine, null, 4);
            work.run();
            if (!EngineFixture.tokens(engine, null, 4).equals(tokens)) {
                throw new IllegalStateException("the engine answers otherwise than before");
            }
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
            System.exit(REFUSED);
        }
    }

    private static void survive(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        long nulls = 0;
        long collections = 0;
        Object[] values = {null, "value"};
        while (System.nanoTime() < end) {
            for (int i = 0; i < CHECKS; i++) {
                nulls += isNull(values[i & 1]) ? 1 : 0;
            }
            System.gc();
            collections++;
        }
        System.out.println("lives: " + nulls + " null checks, " + collections + " collections");
    }

    /** Asks without asking: the JVM notices by SIGSEGV. */
    private static boolean isNull(Object value) {
        try {
            return value.hashCode() == 0;
        } catch (NullPointerException _) {
            return true;
        }
    }

    private static void crash() {
        try {
            int result =
                    (int)
                            LINKER.downcallHandle(
                                            LINKER.defaultLookup().findOrThrow("raise"),
                                            FunctionDescriptor.of(
                                                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
                                    .invokeExact(11);
            System.out.println("raise gave " + result);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
