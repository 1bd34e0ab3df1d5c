package dev.weft.build;

import java.io.Closeable;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The class loader that javac asks for its plug-ins and annotation processors, Error Prone above
 * all ({@code -XDprocloader}). javac makes one for each of a build's 46 compilations, and closes
 * it; this one keeps the classes behind it, so that the JVM loads and compiles them once:
 * docs/decisions/0245-kept-processors.md.
 */
public final class KeptProcessors extends ClassLoader implements Closeable {
    private static final Map<List<String>, ClassLoader> KEPT = new ConcurrentHashMap<>();

    /** As javac calls it. */
    public KeptProcessors(URL[] path, ClassLoader parent) {
        super(kept(path, parent));
    }

    private static ClassLoader kept(URL[] path, ClassLoader parent) {
        List<String> key = Arrays.stream(path).map(URL::toString).toList();
        return KEPT.computeIfAbsent(key, _ -> new URLClassLoader(path, parent));
    }

    /** Leaves the classes to the next compilation. */
    @Override
    public void close() {}
}
