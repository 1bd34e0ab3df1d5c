package dev.weft.source.object;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Variables of this process as native code sees them, by POSIX {@code setenv} and {@code unsetenv}.
 * {@link System#getenv} and the environment of child processes stay unchanged.
 */
final class NativeEnvironment {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle SET =
            function("setenv", ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    private static final MethodHandle UNSET = function("unsetenv", ValueLayout.ADDRESS);

    static {
        System.getenv(); // the JDK keeps its copy from now on
    }

    private NativeEnvironment() {}

    @SuppressWarnings("restricted") // the two functions match their descriptors
    private static MethodHandle function(String name, ValueLayout... parameters) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, parameters));
    }

    static void set(String name, String value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocateFrom(name);
            check(name, (int) SET.invokeExact(key, arena.allocateFrom(value), 1));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    static void unset(String name) {
        try (Arena arena = Arena.ofConfined()) {
            check(name, (int) UNSET.invokeExact(arena.allocateFrom(name)));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static void check(String name, int result) {
        if (result != 0) {
            throw new IllegalStateException("variable " + name + " can't be changed");
        }
    }
}
