package dev.weft.standalone.top;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The terminal, in its alternate screen with the cursor hidden (xterm's control sequences). Closing
 * it restores the terminal, is idempotent, and may be done by any thread.
 */
final class Screen implements AutoCloseable {
    private static final String ENTER = "\u001b[?1049h\u001b[?25l";
    private static final String LEAVE = "\u001b[?25h\u001b[?1049l";
    private static final String TOP_LEFT = "\u001b[H";
    private static final String END_OF_LINE = "\u001b[K";
    private static final String END_OF_SCREEN = "\u001b[J";

    /** The size if the terminal doesn't tell it. */
    private static final Size USUAL = new Size(100, 24);

    private final PrintWriter out;
    private boolean closed;

    /** The size of a terminal. */
    record Size(int width, int height) {}

    Screen(PrintWriter out) {
        this.out = out;
        out.print(ENTER);
        out.flush();
    }

    /** Shows only these lines. */
    synchronized void show(List<String> lines) {
        if (closed) {
            return;
        }
        StringBuilder text = new StringBuilder(TOP_LEFT);
        for (int i = 0; i < lines.size(); i++) {
            text.append(lines.get(i)).append(END_OF_LINE);
            text.append(i + 1 < lines.size() ? "\r\n" : "");
        }
        out.print(text.append(END_OF_SCREEN));
        out.flush();
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            out.print(LEAVE);
            out.flush();
        }
    }

    /** The size of the terminal on standard input. */
    static Size size() throws InterruptedException {
        try {
            Process stty =
                    new ProcessBuilder("stty", "size")
                            .redirectInput(ProcessBuilder.Redirect.INHERIT)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            String[] words =
                    new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                            .strip()
                            .split(" ", -1);
            boolean told = stty.waitFor(1, TimeUnit.SECONDS) && stty.exitValue() == 0;
            Size size =
                    told && words.length == 2
                            ? new Size(Integer.parseInt(words[1]), Integer.parseInt(words[0]))
                            : USUAL;
            return size.width > 0 && size.height > 0 ? size : USUAL;
        } catch (IOException | NumberFormatException _) {
            return USUAL;
        }
    }
}
