package dev.weft.standalone.top;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The output of one scrape.
 *
 * @param seconds the time that rates and means cover
 * @param gatewayFailure which gateway doesn't report tokens/s by adapter, and why; null if it does
 */
record ScreenFrame(
        double seconds,
        List<WorkerLine> workers,
        List<AdapterLine> adapters,
        @Nullable String gatewayFailure) {
    private static final String NOTHING = "-";
    private static final int ADDRESS = 26;
    private static final int NAME = 26;

    ScreenFrame {
        workers = List.copyOf(workers);
        adapters = List.copyOf(adapters);
    }

    /**
     * The frame as lines of text.
     *
     * @param width number of columns; longer lines are cut
     * @param height number of lines; adapters that don't fit are counted
     */
    List<String> lines(int width, int height) {
        List<String> lines = new ArrayList<>();
        lines.add(
                String.format(
                        Locale.ROOT,
                        "workers: %d, adapters: %d; over %.1f s",
                        workers.size(),
                        adapters.size(),
                        seconds));
        if (gatewayFailure != null) {
            lines.add("tokens/s by adapter are not known: gateway " + gatewayFailure);
        }
        lines.add("");
        lines.add(workerHead());
        workers.forEach(worker -> lines.add(row(worker)));
        lines.add("");
        lines.add(adapterHead());
        int room = Math.max(1, height - lines.size());
        int shown = adapters.size() <= room ? adapters.size() : room - 1;
        adapters.stream().limit(shown).forEach(adapter -> lines.add(row(adapter)));
        if (shown < adapters.size()) {
            lines.add("... and " + (adapters.size() - shown) + " more");
        }
        return lines.stream().map(line -> cut(line.stripTrailing(), width)).toList();
    }

    private static String workerHead() {
        StringBuilder head =
                new StringBuilder(
                        String.format(
                                Locale.ROOT,
                                "%-" + ADDRESS + "s %7s %7s %4s %5s %4s %9s %5s %8s %5s %5s ",
                                "WORKER",
                                "TOK/S",
                                "PROMPT",
                                "RUN",
                                "QUEUE",
                                "KV%",
                                "SLOTS",
                                "HOST",
                                "STEP ms",
                                "ROWS",
                                "HIT%"));
        WorkerLine.PHASES.forEach(phase ->
                head.append(
                        String.format(
                                Locale.ROOT,
                                " %6s",
                                phase.substring(0, Math.min(4, phase.length())) + "%")));
        return head.toString();
    }

    private static String row(WorkerLine worker) {
        String address = worker.address().replaceFirst("^https?://", "");
        if (worker.failure() != null) {
            return String.format(
                    Locale.ROOT, "%-" + ADDRESS + "s %s", cut(address, ADDRESS), worker.failure());
        }
        StringBuilder row =
                new StringBuilder(
                        String.format(
                                Locale.ROOT,
                                "%-" + ADDRESS + "s %7s %7s %4s %5s %4s %9s %5s %8s %5s %5s ",
                                cut(address, ADDRESS),
                                number(worker.requests().tokensPerSecond(), 1, 1),
                                number(worker.requests().prefillPerSecond(), 1, 0),
                                number(worker.requests().running(), 1, 0),
                                number(worker.requests().waiting(), 1, 0),
                                number(worker.kv().usage(), 100, 0),
                                number(worker.adapters().inSlots(), 1, 0)
                                        + "/"
                                        + number(worker.adapters().slots(), 1, 0),
                                number(worker.adapters().inHost(), 1, 0),
                                number(worker.steps().seconds(), 1e3, 2),
                                number(worker.steps().rows(), 1, 1),
                                number(worker.kv().prefixHits(), 100, 0)));
        worker.steps()
                .phases()
                .values()
                .forEach(share ->
                        row.append(String.format(Locale.ROOT, " %6s", number(share, 100, 0))));
        return row.toString();
    }

    private static String adapterHead() {
        return String.format(
                Locale.ROOT,
                "%-" + NAME + "s %7s %7s %9s %8s %5s %5s %9s",
                "ADAPTER",
                "TOK/S",
                "REQ/S",
                "QUEUE ms",
                "WAITING",
                "SLOTS",
                "HOST",
                "MEMORY");
    }

    private static String row(AdapterLine adapter) {
        return String.format(
                Locale.ROOT,
                "%-" + NAME + "s %7s %7s %9s %8s %5d %5d %9s",
                cut(adapter.name(), NAME),
                number(adapter.requests().tokensPerSecond(), 1, 1),
                number(adapter.requests().perSecond(), 1, 1),
                number(adapter.requests().queueSeconds(), 1e3, 1),
                adapter.requests().waitAt() == 0 ? NOTHING : "at " + adapter.requests().waitAt(),
                adapter.held().inSlots(),
                adapter.held().inHost(),
                String.format(Locale.ROOT, "%.1f MiB", adapter.held().bytes() / (1 << 20)));
    }

    private static String number(OptionalDouble value, double factor, int decimals) {
        return value.isEmpty()
                ? NOTHING
                : String.format(Locale.ROOT, "%." + decimals + "f", value.getAsDouble() * factor);
    }

    private static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, Math.max(0, width - 1)) + "…";
    }
}
