package dev.weft.source.object;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server in a process of its own, on a port that it picks and prints. */
final class ObjectStoreProcess implements AutoCloseable {
    private final Process process;
    private final int port;

    private ObjectStoreProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts it.
     *
     * @param line the line it prints when it listens; the first group is the port
     */
    static ObjectStoreProcess start(List<String> command, Pattern line) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        CompletableFuture<Integer> port = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> read(process, line, port));
        try {
            return new ObjectStoreProcess(process, port.get(60, TimeUnit.SECONDS));
        } catch (ExecutionException | TimeoutException e) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", command) + " does not start", e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void read(Process process, Pattern line, CompletableFuture<Integer> port) {
        StringBuilder all = new StringBuilder();
        try (BufferedReader out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String text = out.readLine(); text != null; text = out.readLine()) {
                Matcher matcher = line.matcher(text);
                if (matcher.find()) {
                    port.complete(Integer.parseInt(matcher.group(1)));
                }
                all.append(text).append('\n');
            }
        } catch (IOException e) {
            all.append(e);
        }
        port.completeExceptionally(new IOException("it ended: " + all));
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
