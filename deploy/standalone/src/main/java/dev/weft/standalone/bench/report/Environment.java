package dev.weft.standalone.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The machine and the program of the client.
 *
 * @param weft version of this program
 * @param cpu the processor's name; empty if the system doesn't tell it
 */
public record Environment(
        String weft, int cores, String cpu, String os, String architecture, String java) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    /** This machine. */
    public static Environment here(String weft) {
        return new Environment(
                weft,
                Runtime.getRuntime().availableProcessors(),
                processor(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("os.arch"),
                Runtime.version().toString());
    }

    /** The values for JSON, with the names of docs/performance.md. */
    public Map<String, Object> named() {
        var node = new LinkedHashMap<String, Object>();
        node.put("weft", weft);
        node.put("cores", cores);
        node.put("cpu", cpu);
        node.put("os", os);
        node.put("architecture", architecture);
        node.put("java", java);
        return node;
    }

    private static String processor() {
        if (!Files.isReadable(CPU_INFO)) {
            return "";
        }
        try (Stream<String> lines = Files.lines(CPU_INFO)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("");
        } catch (IOException _) {
            return "";
        }
    }
}
