package dev.weft.inference.cpu.kernel.trial;

import dev.weft.inference.cpu.kernel.matrix.LinearLayers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How long each kind of kernels takes for a shape.
 *
 * @param fastestFirst at least one
 */
record KernelTimes(List<Time> fastestFirst) {
    /** The time of kernels that must not be chosen. */
    static final double NEVER = Double.MAX_VALUE;

    KernelTimes {
        fastestFirst =
                fastestFirst.stream()
                        .sorted(Comparator.comparingDouble(Time::microseconds))
                        .toList();
    }

    /**
     * The time of one kind.
     *
     * @param microseconds the geometric mean of the fastest products of 1, 16 and 128 rows
     */
    record Time(LinearLayers layers, double microseconds) {
        @Override
        public String toString() {
            return microseconds == NEVER
                    ? layers.name() + " not at all"
                    : "%s %.0f us".formatted(layers.name(), microseconds);
        }
    }

    LinearLayers fastest() {
        return fastestFirst.getFirst().layers();
    }

    /** The fastest, or one that is nearly as fast and more exact. */
    LinearLayers preferred() {
        double most = fastest().leastGain() * fastestFirst.getFirst().microseconds();
        return fastestFirst.stream()
                .filter(time -> time.layers().leastGain() == 1)
                .filter(time -> time.microseconds() < most)
                .findFirst()
                .map(Time::layers)
                .orElse(fastest());
    }

    /** The times as a record keeps them: {@code onednn=120.5;vector x16=180.0}. */
    String kept() {
        return fastestFirst.stream()
                .map(time -> time.layers().name() + "=" + time.microseconds())
                .collect(Collectors.joining(";"));
    }

    /**
     * Times that were kept.
     *
     * @return empty unless the text has exactly these kinds
     */
    static Optional<KernelTimes> read(String kept, List<LinearLayers> kinds) {
        String[] entries = kept.split(";", -1);
        List<Time> times = new ArrayList<>();
        for (LinearLayers kind : kinds) {
            for (String entry : entries) {
                if (entry.startsWith(kind.name() + "=")) {
                    microseconds(entry.substring(kind.name().length() + 1))
                            .ifPresent(value -> times.add(new Time(kind, value)));
                }
            }
        }
        boolean isWhole = times.size() == kinds.size() && entries.length == kinds.size();
        return isWhole ? Optional.of(new KernelTimes(times)) : Optional.empty();
    }

    private static Optional<Double> microseconds(String text) {
        try {
            double value = Double.parseDouble(text);
            return value > 0 && Double.isFinite(value) ? Optional.of(value) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return fastestFirst.toString();
    }
}
